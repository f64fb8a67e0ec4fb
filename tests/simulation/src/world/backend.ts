import type { Batch, CallKind, SyncContext, SyncResponse } from '@auto-refresh/core'
import type { Answer, Item, Mood, Op } from '../script.ts'
import { Chance } from '../chance.ts'
import { TaskQueue } from './task-queue.ts'
import type { Call, Outcome } from './call.ts'
import type { Ledger } from './ledger.ts'
import { interpret, type Reply, repliesTo } from './replies.ts'
import type { World } from './world.ts'

type Responses = readonly SyncResponse<Item>[]

interface Truth {
  v: number
  isTerminal: boolean
  isGone: boolean
}

/** Error of the backend, with `retryAfter` as HTTP clients set it. */
class BackendError extends Error {
  readonly retryAfter: number | undefined

  constructor(retryAfter: number | undefined) {
    super('the backend cannot answer')
    this.retryAfter = retryAfter
  }
}

/** The number of a field item; 0 for others. */
export function numberOf(id: string): number {
  return /^[EW]\d+$/.test(id) ? Number(id.slice(1)) : 0
}

/** Bad items are spread over the numbers, in one of several ways. */
export function isBad(id: string, { bad = 0, salt = 0, down }: Mood, size: number): boolean {
  if (down === 'all' || (down !== undefined && id.startsWith(down))) return true
  return (numberOf(id) * 7919 + salt) % Math.max(1, size) < bad
}

/** The server: it has one truth per id, and answers calls as its mood and the script say. */
export class Backend {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #truths = new Map<string, Truth>()
  /** Answers that are under way. */
  readonly answers = new TaskQueue()
  readonly #chance: Chance
  /** Told of each call before it is answered. */
  onCall: (call: Call, batch: Batch<Item>) => void = () => undefined
  /** Told of each answer, and of calls that ended otherwise. */
  onSettled: (call: Call, outcome: Outcome) => void = () => undefined
  /** Runs the application's part of a sync function, and of an abort. */
  react: (place: 'sync' | 'abort') => void = () => undefined
  #announced: Pick<Call, 'kind' | 'sent' | 'order' | 'ids'> | undefined

  constructor(world: World, ledger: Ledger) {
    this.#world = world
    this.#ledger = ledger
    this.#chance = new Chance(world.script.seed + 1)
  }

  /** The cache has begun a call; what the application does from now on is after its start. */
  announce(kind: CallKind, ids: readonly string[]): void {
    this.#ledger.settle(ids)
    this.#announced = { kind, ids, sent: this.#ledger.send(ids), order: this.#world.order() }
  }

  /** True if a call of the id was told to start, and has not begun yet. */
  isAnnounced(id: string): boolean {
    return this.#announced?.sent.has(id) === true
  }

  readonly sync = (batch: Batch<Item>, { signal }: SyncContext): Responses | PromiseLike<Responses> => {
    const world = this.#world
    const ids = batch.map(({ id }) => id)
    world.callCount += 1
    const announced = this.#announced
    const isTold = announced !== undefined && announced.ids.join() === ids.join()
    // Inside a callback, the event of its start may still be to come.
    if (!isTold && world.reactions > 0) world.isLost = true
    world.check(isTold, 'events', () => `a call of ${ids.join()} that was not told as started`)
    this.#announced = undefined
    const call: Call = {
      number: world.callCount,
      kind: announced?.kind ?? 'clock',
      ids,
      sent: announced?.sent ?? this.#ledger.send(ids),
      startedAt: world.now,
      startedWall: world.wall,
      order: announced?.order ?? world.order(),
      signal,
      state: 'running',
      settledAt: Infinity,
      outcome: undefined,
      results: new Map(),
    }
    this.onCall(call, batch)
    world.calls.add(call)
    const answer = this.#answer(call)
    world.trace?.(
      `${world.now} call ${call.number} (${call.kind}) ${ids.slice(0, 20).join()}: ${JSON.stringify(answer)}`,
    )
    const replies = repliesTo(ids, answer.says, (id) => this.read(id), this.#ledger)
    signal.addEventListener('abort', () => this.#aborted(call))
    this.react('sync')
    const error = new BackendError(answer.retryAfter)
    if (answer.after === 'now') {
      this.#settle(call, answer, replies, error)
      if (answer.how === 'throws') throw error
      return valueOf(answer, replies)
    }
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#settle(call, answer, replies, error)
        if (answer.how === 'throws') reject(error)
        else resolve(valueOf(answer, replies))
      }
      const at = typeof answer.after === 'number' ? world.now + answer.after : Infinity
      if (answer.after === 'turn') settle()
      else
        this.answers.add(at, () => {
          world.clock.io()
          settle()
        })
    })
  }

  change(id: string, change: Extract<Op, { op: 'server' }>['change']): void {
    const truth = this.#truth(id)
    truth.v += 1
    if (change === 'finish') truth.isTerminal = true
    if (change === 'rerun') Object.assign(truth, { isTerminal: false, isGone: false })
    if (change === 'remove') truth.isGone = true
  }

  /** The truth of this moment; undefined if the backend does not know the id. */
  read(id: string): Item | undefined {
    const { v, isTerminal, isGone } = this.#truth(id)
    if (isGone) return undefined
    return { id, v, by: 'server', ...(isTerminal ? { terminal: true as const } : {}) }
  }

  #truth(id: string): Truth {
    let truth = this.#truths.get(id)
    if (truth === undefined) {
      truth = { v: 1, isTerminal: false, isGone: false }
      this.#truths.set(id, truth)
    }
    return truth
  }

  #answer({ number, ids }: Call): Answer {
    const { mood, script, platform } = this.#world
    const scripted = script.answers[(number - 1) % Math.max(1, script.answers.length)]
    if (scripted !== undefined && !this.#world.isHealed) return scripted
    const { latency: after, how = 'throw', flap = 0, retryAfter } = mood
    const fails: Answer = {
      after,
      how: 'throws',
      says: [],
      ...(retryAfter === undefined ? {} : { retryAfter }),
    }
    if (!platform.isOnline || this.#chance.is(flap)) return { ...fails, after: Math.min(after, 20) }
    const bad = ids.map((id) => isBad(id, mood, this.#world.size))
    if (how === 'fail') {
      const failure = { say: 'fail' as const, ...(retryAfter === undefined ? {} : { retryAfter }) }
      return { after, how: 'entries', says: bad.map((is) => (is ? failure : { say: 'truth' })) }
    }
    if (!bad.includes(true)) return { after, how: 'entries', says: [{ say: 'truth' }] }
    return how === 'hang' ? { ...fails, after: 'never' } : fails
  }

  #settle(call: Call, answer: Answer, replies: readonly Reply[], error: BackendError): void {
    if (call.state === 'aborted') call.state = 'over'
    if (call.state !== 'running') return
    const outcome: Outcome =
      answer.how === 'throws'
        ? { hasFailed: true, error: { is: error }, retryAfter: answer.retryAfter }
        : answer.how === 'entries'
          ? interpret(replies, call.ids)
          : { hasFailed: true, error: { code: 'INVALID_RESPONSE' }, retryAfter: undefined }
    this.#end(call, outcome, 'answered')
  }

  #aborted(call: Call): void {
    const reason: unknown = call.signal.reason
    const isLate = call.state === 'running' && reason instanceof Error && reason.name === 'TimeoutError'
    if (call.state === 'running' && !isLate) call.state = 'aborted'
    // The cache tells first, and fails the items then, unless it was stopped meanwhile.
    const { clock, script, stops } = this.#world
    this.react('abort')
    const isFrozen = clock.frozenUntil + 1000 > clock.time && script.clock === 'normal'
    this.#world.check(!isLate || !isFrozen, 'T5', () => `call ${call.number} times out right after a freeze`)
    if (isLate && (!this.#world.cache.isRunning || this.#world.stops > stops)) call.state = 'aborted'
    else if (isLate)
      this.#end(call, { hasFailed: true, error: { code: 'TIMEOUT' }, retryAfter: undefined }, 'timed-out')
  }

  #end(call: Call, outcome: Outcome, state: 'answered' | 'timed-out'): void {
    Object.assign(call, { state, outcome, settledAt: this.#world.now })
    if (!outcome.hasFailed) this.#world.succeededAt = this.#world.wall
    this.#ledger.answer(call, outcome)
    this.onSettled(call, outcome)
  }
}

/** Result of the sync function. Backends return anything. */
function valueOf(answer: Answer, replies: readonly Reply[]): Responses {
  const value: unknown =
    answer.how === 'string'
      ? '<html>'
      : answer.how === 'nothing'
        ? undefined
        : replies.map(({ response }) => response)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as Responses
}
