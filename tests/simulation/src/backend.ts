import { type Batch, type SyncContext, type SyncResponse } from '@auto-refresh/core'
import { type ModelCall, type Outcome, type Verdict as ModelVerdict } from './model/call.ts'
import { interpret } from './model/interpret.ts'
import { type Answer, type Item } from './script.ts'
import { answersTo } from './responses.ts'
import { type World } from './world.ts'

type Responses = Iterable<SyncResponse<Item>>

interface Pending {
  readonly at: number
  readonly call: ModelCall
  readonly settle: () => void
}

/** What the backend is like: as the script says, well, or well but for one id. */
export type Mood = { readonly kind: 'script' | 'heal' } | { readonly kind: 'poison'; readonly id: string }

const WELL: Answer = { after: 1, how: 'entries', says: [{ say: 'unchanged' }] }
const ILL: Answer = { after: 1, how: 'fails', says: [{ say: 'unchanged' }] }

/** The server: answers the calls of the cache late, wrongly, twice, or never, as the script says. */
export class Backend {
  readonly #world: World
  readonly #pending = new Set<Pending>()
  readonly signals = new Map<ModelCall, AbortSignal>()
  mood: Mood = { kind: 'script' }
  /** The size of the last call that failed for its poisonous item. */
  poisoned = 0

  constructor(world: World) {
    this.#world = world
  }

  readonly sync = (batch: Batch<Item>, context: SyncContext): Responses | PromiseLike<Responses> => {
    const world = this.#world
    world.catchUp(new Set(batch.map(({ id }) => id)))
    const call = world.dispatch.start(batch)
    world.witness.made()
    const answer = this.#answer(call, batch)
    world.trace?.(`call ${call.number} ${JSON.stringify(batch)}: ${JSON.stringify(answer)}`)
    const responses = answersTo(batch, answer, world.model.entries.keys())
    if (answer.after === 'now' || world.script.seed % 2 === 0) {
      // The signal is made when it is read: half of the runs never do, but for calls that are answered at once.
      const { signal } = context
      this.signals.set(call, signal)
      signal.addEventListener('abort', () => world.reactions.run('abort'))
    }
    world.reactions.run('sync')
    const error = new BackendError(answer.retryAfter)
    const outcome = this.#outcome(answer, responses, new Set(batch.map(({ id }) => id)), error)
    const value = iterable(answer, responses, error)
    if (answer.after === 'now') {
      call.hasAnswered = true
      world.settlement.end(call, outcome)
      if (answer.how === 'fails') throw error
      return value
    }
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        call.hasAnswered = true
        world.settlement.end(call, outcome)
        if (answer.how === 'fails') reject(error)
        else resolve(value)
      }
      if (answer.after === 'turn') settle()
      else
        this.#pending.add({
          at: typeof answer.after === 'number' ? world.clock.now() + answer.after : Infinity,
          call,
          settle,
        })
    })
  }

  /** When it answers next. */
  get next(): number {
    let next = Infinity
    for (const { at } of this.#pending) next = Math.min(next, at)
    return next
  }

  /** Gives one answer that is due. */
  answer(): void {
    for (const pending of this.#pending)
      if (pending.at <= this.#world.clock.now()) {
        this.#pending.delete(pending)
        pending.settle()
        return
      }
  }

  /** Gives all answers that it would never give. */
  answerAll(): void {
    for (const pending of this.#pending) pending.settle()
    this.#pending.clear()
  }

  #answer(call: ModelCall, batch: Batch<Item>): Answer {
    const { mood } = this
    if (mood.kind === 'heal') return WELL
    if (mood.kind === 'poison') {
      if (!batch.some(({ id }) => id === mood.id)) return WELL
      this.poisoned = batch.length
      return ILL
    }
    const { answers } = this.#world.script
    return answers[(call.number - 1) % answers.length] ?? WELL
  }

  #outcome(
    answer: Answer,
    responses: readonly unknown[],
    asked: ReadonlySet<string>,
    error: BackendError,
  ): Outcome {
    if (answer.how === 'fails')
      return { hasFailed: true, error: { kind: 'same', error }, retryAfter: answer.retryAfter }
    if (answer.how === 'string' || answer.how === 'nothing')
      return { hasFailed: true, error: { kind: 'code', code: 'INVALID_RESPONSE' }, retryAfter: undefined }
    const isHalfway = answer.how === 'halfway'
    const read = isHalfway ? responses.slice(0, Math.ceil(responses.length / 2)) : responses
    const { verdicts, unexpected } = interpret(read, (id) => asked.has(id))
    if (isHalfway) {
      const rest: ModelVerdict = {
        says: 'fail',
        error: { kind: 'same', error },
        retryAfter: answer.retryAfter,
      }
      for (const id of asked) if (!verdicts.has(id)) verdicts.set(id, rest)
    }
    return { hasFailed: false, verdicts, unexpected }
  }
}

/** What the backend throws; `retryAfter` as libraries for HTTP would set it. */
class BackendError extends Error {
  readonly retryAfter: number | undefined

  constructor(retryAfter: number | undefined) {
    super('the backend cannot answer')
    this.retryAfter = retryAfter
  }
}

/** The responses in the shape that the answer says. */
function iterable(answer: Answer, responses: readonly unknown[], error: Error): Responses {
  // Backends answer what they like; the cache must not trust the type.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const typed = responses as readonly SyncResponse<Item>[]
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  if (answer.how === 'string') return '<html>' as unknown as Responses
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  if (answer.how === 'nothing') return undefined as unknown as Responses
  if (answer.how === 'lazy') return typed.values()
  if (answer.how === 'halfway') return halfOf(typed, error)
  return typed
}

function* halfOf(responses: readonly SyncResponse<Item>[], error: Error): Generator<SyncResponse<Item>> {
  yield* responses.slice(0, Math.ceil(responses.length / 2))
  throw error
}
