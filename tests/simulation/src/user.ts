import { type SyncResponse } from '@auto-refresh/core'
import { checkInProcessing, checkStats } from './gauges.ts'
import { interpret } from './model/interpret.ts'
import { type Request } from './model/request.ts'
import { type Observers } from './observers.ts'
import { responsesOf } from './responses.ts'
import { type Item, type Op } from './script.ts'
import { attempt, show } from './show.ts'
import { Starts } from './starts.ts'
import { type World } from './world.ts'
import { Writes } from './writes.ts'

/** What changes nothing. */
const READS: ReadonlySet<Op['op']> = new Set([
  'get',
  'getOrThrow',
  'inProcessing',
  'stats',
  'listen',
  'unlisten',
])

/** The application: calls the cache's methods, and tells the model. */
export class User {
  readonly #world: World
  readonly #observers: Observers
  readonly #writes: Writes
  readonly #extraListeners: (() => void)[] = []
  readonly starts: Starts

  constructor(world: World, observers: Observers) {
    this.#world = world
    this.#observers = observers
    this.#writes = new Writes(world)
    this.starts = new Starts(world, this.#writes)
  }

  perform(op: Op): void {
    const world = this.#world
    const { cache, life, page } = world
    world.trace?.(`  ${JSON.stringify(op)}`)
    this.#writes.begin()
    world.catchUp()
    this.#blur(op)
    for (const id of 'id' in op ? [op.id] : world.model.entries.keys()) world.model.journal.activity(id)
    switch (op.op) {
      case 'start':
        this.starts.start(op.signal)
        break
      case 'abort':
        this.starts.abort(op.signal ?? 0)
        break
      case 'stop':
        this.starts.stop()
        break
      case 'retain':
        this.starts.retain()
        break
      case 'release':
        this.starts.release()
        break
      case 'listen':
        this.#extraListeners.push(cache.onEvent(world.witness.react))
        break
      case 'unlisten':
        this.#extraListeners.pop()?.()
        break
      case 'stats':
        checkStats(world)
        break
      case 'page':
        if (page.isVisible() !== op.visible || page.isOnline() !== op.online)
          world.wallClock.look(world.model, world.outage, life.isRunning)
        page.set(op.visible, op.online)
        break
      case 'ingest':
        this.#ingest(op.ids, op.says)
        break
      default:
        this.#withItem(op)
    }
    world.catchUp()
  }

  /** In the middle of something that the cache does, more than one order is right. */
  #blur(op: Op): void {
    const { witness, violations, reactions } = this.#world
    if (READS.has(op.op) || (!reactions.isInValue && witness.starting.size === 0)) return
    violations.isBlurred = true
  }

  /** Ends all that the application has begun, but for the cache itself. */
  leaveAll(): void {
    this.starts.releaseAll()
    while (this.#extraListeners.length > 0) this.#extraListeners.pop()?.()
  }

  #withItem(op: Extract<Op, { readonly id: string }>): void {
    const { cache, model, violations } = this.#world
    const { id } = op
    if (this.#world.reactions.isInValue && !READS.has(op.op)) model.vague.add(id)
    const entry = model.entries.get(id)
    const isSure = (): boolean => !model.vague.has(id) && !this.#world.reactions.isInValue
    const expect = (rule: string, actual: unknown, expected: unknown): void =>
      violations.check(
        actual === expected || !isSure(),
        rule,
        () => `${op.op}(${JSON.stringify(id)}) gave ${show(actual)} for ${show(expected)}`,
      )
    switch (op.op) {
      case 'get':
        expect('W9', cache.get(id), entry?.item)
        break
      case 'getOrThrow':
        expect(
          'W9',
          attempt(() => cache.getOrThrow(id)),
          entry === undefined ? 'NOT_FOUND' : entry.item,
        )
        break
      case 'create':
        this.#writes.create(id, { ...op.item })
        break
      case 'update': {
        const isDone = this.#writes.update(id, { ...op.item })
        expect('W2', isDone, entry !== undefined)
        break
      }
      case 'delete': {
        if (entry !== undefined) model.remove(entry, 'deleted:deleted')
        expect('W4', cache.delete(id), entry !== undefined)
        break
      }
      case 'deleteDelayed':
        if (entry !== undefined) model.mark(entry)
        expect('W5', cache.deleteDelayed(id), entry !== undefined)
        break
      case 'inProcessing':
        checkInProcessing(this.#world, id)
        break
      case 'refresh':
        this.#refresh(id)
        break
      case 'subscribe':
        this.#observers.subscribe(id, op.activity)
        break
      case 'unsubscribe':
        this.#observers.unsubscribe(id)
        break
      case 'until':
        this.#observers.until(id, op.condition)
        break
      case 'watch':
        this.#observers.watch(id)
        break
      case 'leave':
        this.#observers.leave(id)
        break
    }
  }

  /** S8 */
  #refresh(id: string): void {
    const { cache, model, life } = this.#world
    const entry = model.entries.get(id)
    const request: Request = { id, entry, servedBy: undefined, expected: 'pending', actual: 'pending' }
    if (model.vague.has(id)) request.expected = 'vague'
    else if (entry === undefined) request.expected = { kind: 'code', code: 'NOT_FOUND' }
    else if (!life.isRunning) request.expected = { kind: 'code', code: 'STOPPED' }
    else if (entry.isDeleting) {
      request.expected = { kind: 'code', code: 'DELETED' }
      model.remove(entry, 'deleted:delayed|deleted')
    } else if (model.callOf(entry) === undefined) model.planner.asked(entry)
    model.requests.add(request)
    model.hasBeenAsked = true
    const settle = (actual: Request['actual']): void => {
      request.actual = actual
    }
    cache.refresh(id).then(
      () => settle('done'),
      (error: unknown) => settle({ error }),
    )
  }

  /** W10 */
  #ingest(ids: readonly string[], says: Extract<Op, { op: 'ingest' }>['says']): void {
    const world = this.#world
    const { cache, model, reactions, settlement } = world
    const asked = ids.map((id) => [id, model.entries.get(id)?.item] as const)
    const responses = responsesOf(asked, says, [])
    const { verdicts, unexpected } = interpret(responses, (id) => model.entries.has(id))
    if (reactions.isInValue) for (const id of [...verdicts.keys(), ...ids]) model.vague.add(id)
    model.unexpected += unexpected
    settlement.push(verdicts)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    cache.ingest(responses as SyncResponse<Item>[])
  }
}
