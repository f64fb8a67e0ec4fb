import { type AutoRefresh, type Batch, type ItemSnapshot, type SyncResponse } from '@auto-refresh/core'
import { type Member } from './model/audience.ts'
import { interpret } from './model/interpret.ts'
import { type Request } from './model/request.ts'
import { Observers } from './observers.ts'
import { responsesOf } from './responses.ts'
import { type Item, type Op } from './script.ts'
import { type Subject } from './subject.ts'
import { type World } from './world.ts'

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
  readonly observers: Observers
  readonly #releases: (() => void)[] = []
  readonly #extraListeners: (() => void)[] = []
  #controllers = [new AbortController(), new AbortController()]
  /** How many operations were begun, nested ones too. */
  #performed = 0
  /** Writes that the cache is at, outermost first. */
  readonly #unfinished: { readonly id: string; readonly finish: () => void }[] = []
  readonly stops = new Set<{ isDone: boolean; readonly calls: readonly unknown[] }>()

  constructor(world: World, subject: Subject) {
    this.#world = world
    this.observers = new Observers(world, subject)
  }

  perform(op: Op): void {
    const world = this.#world
    const { cache, life, page, reactions } = world
    this.#performed += 1
    world.trace?.(`  ${JSON.stringify(op)}`)
    // In a callback that is told of a change, the change is complete.
    for (const { id, finish } of this.#unfinished)
      if (!reactions.isInValue) finish()
      else if (('id' in op && op.id === id) || world.model.rules.capacity < Infinity)
        world.model.vague.add(id)
    world.catchUp()
    this.#blur(op)
    for (const id of 'id' in op ? [op.id] : world.model.entries.keys()) world.model.journal.activity(id)
    switch (op.op) {
      case 'start':
        this.#start(op.signal)
        break
      case 'abort':
        this.#abort(op.signal ?? 0)
        break
      case 'stop':
        this.#stop()
        break
      case 'retain':
        this.#lifeInValue()
        life.retain()
        this.#releases.push(cache.retain())
        break
      case 'release':
        this.#release()
        break
      case 'listen':
        this.#extraListeners.push(cache.onEvent(world.witness.react))
        break
      case 'unlisten':
        this.#extraListeners.pop()?.()
        break
      case 'stats':
        this.#stats()
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

  /** S7: the application leaves these out of its batches. */
  leaveOut(due: Batch<Item>): void {
    const { model } = this.#world
    for (const { id } of due) {
      const entry = model.entries.get(id)
      if (entry !== undefined) model.planner.leftOut(entry)
    }
  }

  /** Ends all that the application has begun, but for the cache itself. */
  leaveAll(): void {
    this.observers.leaveAll()
    while (this.#releases.length > 0) this.#release()
    while (this.#extraListeners.length > 0) this.#extraListeners.pop()?.()
  }

  stop(): void {
    this.#stop()
  }

  #withItem(op: Extract<Op, { readonly id: string }>): void {
    const { cache, model, violations } = this.#world
    const { id } = op
    if (this.#world.reactions.isInValue) model.vague.add(id)
    const entry = model.entries.get(id)
    const isSure = (): boolean => !model.vague.has(id)
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
        this.#create(cache, id, { ...op.item })
        break
      case 'update': {
        const item = { ...op.item }
        const isDone = this.#write(
          id,
          () => {
            const present = model.entries.get(id)
            if (present !== undefined && cache.getSnapshot(id).item === item) model.update(present, item)
          },
          () => cache.update(id, item),
        )
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
        this.#inProcessing(id)
        break
      case 'refresh':
        this.#refresh(id)
        break
      case 'subscribe':
        this.observers.subscribe(id, op.activity)
        break
      case 'unsubscribe':
        this.observers.unsubscribe(id)
        break
      case 'until':
        this.observers.until(id, op.condition)
        break
      case 'watch':
        this.observers.watch(id)
        break
      case 'leave':
        this.observers.leave(id)
        break
    }
  }

  /** The model makes the change when it is complete: before anything else that callbacks do, at the latest at the end. */
  #write<T>(id: string, change: () => void, make: () => T): T {
    let isDone = false
    const finish = (): void => {
      if (isDone) return
      isDone = true
      change()
    }
    this.#unfinished.push({ id, finish })
    const result = make()
    this.#unfinished.pop()
    finish()
    return result
  }

  /** W1, C1 */
  #create(cache: AutoRefresh<Item>, id: string, item: Item): void {
    const { model, violations } = this.#world
    const before = model.entries.get(id)
    let expected: unknown = before?.item
    const performed = this.#performed
    const change = (): void => {
      if (before !== undefined || model.entries.has(id) || model.vague.has(id)) return
      const isFull = model.entries.size >= model.rules.capacity
      const isIn = cache.getSnapshot(id).item === item
      if (isFull) this.#makeRoom(!isIn)
      expected = isFull && !isIn ? 'CAPACITY' : item
      if (isIn) model.create(id, item)
    }
    const present = this.#write(id, change, () => attempt(() => cache.getOrCreate(id, item)))
    if (model.vague.has(id)) {
      for (const other of model.entries.keys()) if (!cache.has(other)) model.vague.add(other)
      return
    }
    // What callbacks do to the item meanwhile may be in what is returned.
    if (this.#performed > performed) return
    violations.check(
      present === expected,
      'W1',
      () => `getOrCreate(${JSON.stringify(id)}) gave ${show(present)}`,
    )
  }

  /** C1: who may be removed to make room, and that only one is. */
  #makeRoom(isRefused: boolean): void {
    const { model, cache, violations, witness, reactions } = this.#world
    const entries = [...model.entries.values()].filter(({ id }) => !model.vague.has(id))
    const may = entries.filter(
      (one) => model.audience.mayBeUnobserved(one.id) && model.callOf(one)?.state !== 'running',
    )
    const surely = entries.filter(
      ({ id }) => !model.audience.mayBeObserved(id) && !model.isHeld(id) && !witness.starting.has(id),
    )
    if (isRefused) {
      violations.check(
        surely.length === 0 || reactions.isInValue,
        'C1',
        () => `CAPACITY, though ${show(surely[0]?.id)} may go`,
      )
      return
    }
    const gone = [...model.entries.values()].filter(({ id }) => !cache.has(id))
    if (model.vague.size === 0)
      violations.check(
        gone.length === 1,
        'C1',
        () => `${gone.length} items were removed to make room for one`,
      )
    for (const one of gone) {
      violations.check(
        may.includes(one) || model.vague.has(one.id),
        'C1',
        () => `${show(one.id)} was evicted in use`,
      )
      violations.check(
        one.status !== 'active' || !surely.some(({ status }) => status !== 'active') || model.vague.size > 0,
        'C1',
        () => `${show(one.id)} was evicted before one that has ended`,
      )
      model.remove(one, 'evicted')
    }
  }

  /** C2 */
  #inProcessing(id: string): void {
    const { cache, model, life, clock, violations } = this.#world
    const actual = cache.inProcessing(id)
    const entry = model.entries.get(id)
    if (model.vague.has(id)) return
    const now = clock.now()
    if (!life.isRunning || entry === undefined)
      return violations.check(!actual, 'C2', () => `${show(id)} is in processing`)
    if (model.callOf(entry)?.state === 'running')
      return violations.check(actual, 'C2', () => `${show(id)} is in a call and not in processing`)
    if (model.isHeld(id) || model.callOf(entry) !== undefined || entry.isDeleting) return
    if (model.isAskedFor(entry))
      return violations.check(actual, 'C2', () => `${show(id)} is due and not in processing`)
    if (!model.isPlannable(entry) || entry.due.lo > now + 1)
      violations.check(
        !actual || model.rules.batches !== 'default',
        'C2',
        () => `${show(id)} is in processing before it is due`,
      )
    else if (entry.due.hi < now - 1)
      violations.check(actual, 'C2', () => `${show(id)} is due and not in processing`)
  }

  /** S8 */
  #refresh(id: string): void {
    const { cache, model, life } = this.#world
    const entry = model.entries.get(id)
    const request: Request = { entry, servedBy: undefined, expected: 'pending', actual: 'pending' }
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

  #start(signal: number | undefined): void {
    const { cache, life } = this.#world
    this.#lifeInValue()
    if (signal === undefined) {
      life.start()
      cache.start()
      return
    }
    const controller = this.#controllers[signal]
    if (controller === undefined) return
    life.start(signal)
    cache.start({ signal: controller.signal })
  }

  #abort(number: number): void {
    const { life } = this.#world
    const controller = this.#controllers[number]
    if (controller === undefined) return
    this.#lifeInValue()
    // A signal aborts once; the next start gets a new one of the same number.
    this.#controllers[number] = new AbortController()
    life.abort(number)
    controller.abort()
  }

  #stop(): void {
    const { cache, life, model } = this.#world
    this.#lifeInValue()
    const stop = { isDone: false, calls: [...model.calls] }
    if (this.#world.witness.starting.size > 0) this.#world.witness.isCountVague = true
    life.stop()
    const performed = this.#performed
    const stopped = cache.stop()
    // Who starts it again as it stops has more calls waited for.
    if (this.#performed === performed) this.stops.add(stop)
    void stopped.then(() => {
      stop.isDone = true
    })
  }

  #release(): void {
    const release = this.#releases.pop()
    if (release === undefined) return
    this.#lifeInValue()
    this.#world.life.release()
    release()
    if (this.#world.script.seed % 3 === 0) release()
  }

  /** A start or stop in the middle of a write: what else is written then is not told here. */
  #lifeInValue(): void {
    const { reactions, model } = this.#world
    if (reactions.isInValue) for (const id of model.entries.keys()) model.vague.add(id)
  }

  #stats(): void {
    const { cache, model, violations, dispatch, witness } = this.#world
    const stats = cache.stats()
    if (model.vague.size > 0 || witness.starting.size > 0) return
    violations.check(stats.size === model.entries.size, 'stats', () => `size ${stats.size}`)
    violations.check(
      witness.isCountVague || stats.syncCalls === dispatch.started,
      'stats',
      () => `${stats.syncCalls} calls told, ${dispatch.started} made`,
    )
  }
}

export function attempt(make: () => Item): unknown {
  try {
    return make()
  } catch (error) {
    return codeOf(error)
  }
}

export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : error
}

export function show(value: unknown): string {
  return typeof value === 'object' && value instanceof Error
    ? String(value)
    : (JSON.stringify(value) ?? 'undefined')
}

export type { ItemSnapshot, Member }
