import type { SyncResponse } from '@auto-refresh/core'
import type { Item, Op } from '../script.ts'
import type { Subject } from '../subject.ts'
import type { Agenda } from '../world/agenda.ts'
import type { Backend } from '../world/backend.ts'
import { codeOf } from '../world/call.ts'
import type { Ledger } from '../world/ledger.ts'
import { interpret, repliesTo } from '../world/replies.ts'
import type { World } from '../world/world.ts'
import { forbidden } from './forbidden.ts'
import { Life } from './life.ts'
import type { Observers } from './observers.ts'
import type { Requests } from './requests.ts'

/** The application: calls the methods of the cache, and notes in the ledger what they have to do. */
export class User {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #backend: Backend
  readonly #observers: Observers
  readonly #requests: Requests
  readonly #subject: Subject
  /** Actions of `mutate` that run. */
  readonly #agenda: Agenda
  readonly #releases = new Map<string, (() => void)[]>()
  readonly life: Life
  /** Called once the interval was changed. */
  onInterval: (ms: number) => void = () => undefined

  constructor(
    world: World,
    ledger: Ledger,
    backend: Backend,
    agenda: Agenda,
    observers: Observers,
    requests: Requests,
    subject: Subject,
  ) {
    this.#world = world
    this.#ledger = ledger
    this.#backend = backend
    this.#agenda = agenda
    this.#observers = observers
    this.#requests = requests
    this.#subject = subject
    this.life = new Life(world, ledger, observers, requests)
  }

  perform(op: Op): void {
    const world = this.#world
    world.trace?.(`${world.now}   ${JSON.stringify(op)}${world.questions > 0 ? ' (in a question)' : ''}`)
    if (world.questions > 0) return forbidden(world, op)
    if ('id' in op) {
      world.touched.add(op.id)
      world.acted.add(op.id)
      this.#ledger.catchUp(op.id)
      if (world.reactions > 0) this.#catchUp(op.id)
    } else world.hasActedOnAll = true
    switch (op.op) {
      case 'start':
      case 'abort':
      case 'stop':
      case 'retain':
      case 'release':
      case 'pause':
      case 'resume':
        return this.life.perform(op)
      case 'create':
        return this.#create(op)
      case 'update':
        return this.#update(op.id, op.item)
      case 'delete':
        return this.#delete(op.id)
      case 'clear':
        return this.#clear()
      case 'deleteDelayed':
        return this.#mark(op.id)
      case 'ingest':
        return this.#ingest(op)
      case 'hold':
        return this.#hold(op.id)
      case 'unhold':
        return this.#unhold(op.id)
      case 'mutate':
        return this.#mutate(op)
      case 'refresh':
        return this.#refresh(op.id)
      case 'refreshAll':
        return this.#requests.refreshAll()
      case 'subscribe':
        return this.#subscribe(op)
      case 'unsubscribe':
        return this.#observers.unsubscribe(op.id)
      case 'until':
        return this.#observers.until(op.id)
      case 'watch':
        return this.#observers.watch(op.id)
      case 'leave':
        return this.#observers.leave(op.id)
      case 'interval':
        world.cache.setOptions({ interval: op.ms })
        return this.onInterval(op.ms)
      case 'page':
        return world.platform.set(op.visible, op.online)
      case 'server':
        return this.#backend.change(op.id, op.change)
      case 'many':
        return this.#many(op.from, op.count)
      case 'listenAll':
      case 'unlistenAll':
        return this.life.listen(op.op === 'listenAll')
      default:
        return this.#read(op)
    }
  }

  /** Inside a callback, events of what has happened may still be to come. */
  #catchUp(id: string): void {
    const { status } = this.#world.cache.getSnapshot(id)
    const entry = this.#ledger.entries.get(id)
    if (entry === undefined) {
      // G2: it was created anew by the start that this is told of.
      const isAnew = status === 'pending' && this.life.clearedIds.has(id)
      if (isAnew) this.life.recreated(id)
      else if (status !== 'missing') this.#world.isLost = true
    } else if (status === 'missing') {
      this.#remove(id)
      this.#ledger.foreseen.set(id, (this.#ledger.foreseen.get(id) ?? 0) + 1)
    } else if (status === 'expired') entry.status = 'expired'
  }

  /** Ends everything that the application has begun, except for the cache itself. */
  leaveAll(): void {
    this.#observers.leaveAll()
    this.releaseHolds()
    this.life.leaveAll()
  }

  releaseHolds(): void {
    for (const id of this.#releases.keys()) while (this.#releases.get(id)?.length !== 0) this.#unhold(id)
  }

  #create({ id, item: kind, validator }: Extract<Op, { op: 'create' }>): void {
    const { cache } = this.#world
    const entry = this.#ledger.entries.get(id)
    const item = kind === undefined ? undefined : this.#ledger.make(id, kind)
    const present = entry?.item
    const undo = { isOwned: entry?.isOwned }
    if (entry === undefined) this.#ledger.create(id, item, true, validator)
    else {
      entry.isOwned = true
      if (present === undefined && item !== undefined) this.#ledger.give(entry, item, validator)
    }
    this.#attempt(
      `getOrCreate(${JSON.stringify(id)})`,
      () => (item === undefined ? cache.getOrCreate(id) : cache.getOrCreate(id, item, { validator })),
      (result) => sameItem(result, present ?? item),
      () => {
        if (entry === undefined) this.#ledger.remove(id)
        else entry.isOwned = undo.isOwned ?? false
      },
    )
  }

  #many(from: number, count: number): void {
    for (let number = from; number < from + count; number += 1)
      this.#create({ op: 'create', id: `${number % 2 === 0 ? 'E' : 'W'}${number}`, item: 'active' })
    this.#world.size = Math.max(this.#world.size, from + count)
  }

  #update(id: string, kind: Extract<Op, { op: 'update' }>['item']): void {
    const entry = this.#ledger.entries.get(id)
    const item = this.#ledger.make(id, kind)
    if (entry !== undefined) this.#ledger.write(entry, item)
    this.#expect('W2', `update(${JSON.stringify(id)})`, () => this.#world.cache.update(id, item), entry !== undefined)
  }

  #delete(id: string): void {
    const isPresent = this.#ledger.entries.has(id)
    this.#remove(id)
    this.#expect('W4', `delete(${JSON.stringify(id)})`, () => this.#world.cache.delete(id), isPresent)
  }

  #clear(): void {
    for (const listener of this.#observers.listeners)
      if (listener.create && this.#ledger.entries.has(listener.id)) listener.isCleared = true
    for (const id of [...this.#ledger.entries.keys()]) this.#remove(id)
    this.#world.cache.clear()
  }

  #remove(id: string): void {
    this.#ledger.remove(id)
    this.#world.acted.add(id)
    this.#requests.deleted(id)
  }

  #mark(id: string): void {
    const entry = this.#ledger.entries.get(id)
    if (entry !== undefined) entry.isMarked = true
    const mark = (): boolean => this.#world.cache.deleteDelayed(id)
    this.#expect('W5', `deleteDelayed(${JSON.stringify(id)})`, mark, entry !== undefined)
  }

  #ingest({ says, create }: Extract<Op, { op: 'ingest' }>): void {
    const world = this.#world
    // What one response creates may be evicted for the next one.
    if (world.script.options.lru !== undefined && create && says.length > 1) {
      for (const say of says) this.#ingest({ op: 'ingest', says: [say], create })
      return
    }
    const replies = says.flatMap((say) => repliesTo([say.id], [say], (id) => this.#backend.read(id), this.#ledger))
    const outcome = interpret(replies, [])
    if (outcome.hasFailed) {
      // Nothing in it has an id: each entry is reported, and nothing else happens.
    } else
      for (const [id, verdict] of outcome.verdicts) {
        world.acted.add(id)
        this.#ledger.catchUp(id)
        if (world.reactions > 0) this.#catchUp(id)
        this.#ledger.push(id, verdict, create)
        if (!this.#ledger.entries.has(id)) this.#requests.deleted(id)
      }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const responses = replies.map(({ response }) => response) as SyncResponse<Item>[]
    const before = [...this.#ledger.entries.keys()]
    this.#attempt(
      'ingest',
      () => world.cache.ingest(responses, { create }),
      () => true,
      () => {
        // W14: those that found no room are absent.
        for (const id of before) if (!world.cache.has(id)) this.#ledger.remove(id)
      },
    )
  }

  #hold(id: string): void {
    const entry = this.#ledger.entries.get(id)
    if (entry !== undefined) entry.holds += 1
    const release = this.#world.cache.hold(id)
    const releases = this.#releases.get(id) ?? []
    this.#releases.set(id, releases)
    releases.push(() => {
      if (entry !== undefined) {
        entry.holds -= 1
        entry.releasedAt = this.#world.order()
      }
      release()
    })
  }

  #unhold(id: string): void {
    this.#world.touched.add(id)
    this.#releases.get(id)?.pop()?.()
  }

  /** W15 */
  #mutate({ id, item: kind, after, succeeds }: Extract<Op, { op: 'mutate' }>): void {
    const world = this.#world
    const entry = this.#ledger.entries.get(id)
    const previous = entry?.item
    const item = this.#ledger.make(id, kind)
    const write = entry !== undefined && previous !== undefined
    if (write) this.#ledger.write(entry, item)
    const error = new Error('of an action')
    const action = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const held = this.#ledger.entries.get(id)
        if (held !== undefined) held.holds += 1
        this.#agenda.add(world.now + after, () => {
          world.acted.add(id)
          world.touched.add(id)
          const present = this.#ledger.entries.get(id)
          this.#ledger.catchUp(id)
          if (!succeeds && write && present === entry && entry.item === item) this.#ledger.write(entry, previous)
          if (held !== undefined) {
            held.holds -= 1
            held.releasedAt = world.order()
          }
          if (present !== undefined && world.cache.isRunning) {
            this.#requests.unwatched(id)
            if (present.status === 'terminal') present.reopens = true
            if (present.isMarked) this.#remove(id)
          }
          if (succeeds) resolve()
          else reject(error)
        })
      })
    this.#subject.mutate(world.cache, id, item, action).then(
      () => world.check(succeeds, 'W15', () => 'mutate resolved, and its action failed'),
      (reason: unknown) => world.check(!succeeds && reason === error, 'W15', () => `mutate rejected ${String(reason)}`),
    )
  }

  #refresh(id: string): void {
    const entry = this.#ledger.entries.get(id)
    if (entry !== undefined && this.#world.cache.isRunning) {
      if (entry.status === 'terminal') entry.reopens = true
      if (entry.isMarked) this.#remove(id)
    }
    // The mark itself is told as DELETED, not as NOT_FOUND.
    if (entry?.isMarked === true) this.#world.cache.refresh(id).catch(() => undefined)
    else this.#requests.refresh(id)
  }

  #subscribe({ id, activity, create, item: kind }: Extract<Op, { op: 'subscribe' }>): void {
    const item = kind === undefined ? undefined : this.#ledger.make(id, kind)
    const entry = this.#ledger.entries.get(id)
    const creates = create ?? item !== undefined
    if (creates && entry === undefined) this.#ledger.create(id, item, false)
    else if (creates && item !== undefined && entry?.item === undefined && entry !== undefined)
      this.#ledger.give(entry, item)
    this.#attempt(
      `subscribe(${JSON.stringify(id)})`,
      () => this.#observers.subscribe(id, activity, create, item),
      () => true,
      () => {
        if (creates && entry === undefined) this.#ledger.remove(id)
      },
    )
  }

  #read(op: Op): void {
    const { cache } = this.#world
    if (op.op === 'get' || op.op === 'getOrThrow') {
      const item = this.#ledger.entries.get(op.id)?.item
      const read = (): unknown => (op.op === 'get' ? cache.get(op.id) : attempt(() => cache.getOrThrow(op.id)))
      const value = read()
      const expected = op.op === 'getOrThrow' && item === undefined ? 'NOT_FOUND' : item
      this.#world.check(
        sameItem(value, expected) || this.#world.callOf(op.id)?.state !== undefined || this.#world.reactions > 0,
        'W9',
        () => `${op.op}(${JSON.stringify(op.id)}) gave ${JSON.stringify(value)}`,
      )
    } else if (op.op === 'inProcessing') {
      const is = cache.inProcessing(op.id)
      this.#world.check(!is || cache.isRunning, 'C2', () => `${JSON.stringify(op.id)} is in processing after stop`)
      this.#world.check(!is || cache.has(op.id), 'C2', () => `${JSON.stringify(op.id)} is absent and in processing`)
    } else {
      const stats = cache.stats()
      this.#world.check(stats.size === cache.size && [...cache.ids()].length === cache.size, 'stats', () => 'sizes differ')
      cache.getStatus()
    }
  }

  /** A method that may throw CAPACITY if there is a policy `lru`; then it has changed nothing. */
  #attempt(
    name: string,
    run: () => unknown,
    isRight: (result: unknown) => boolean,
    undo: () => void,
  ): void {
    const world = this.#world
    const before = world.reactions
    try {
      const result = run()
      // Inside a callback, events of what has happened may still be to come.
      world.check(isRight(result) || before > 0 || world.reactions !== before, 'W1', () => `${name} gave ${JSON.stringify(result)}`)
    } catch (error) {
      const mayThrow = world.script.options.lru !== undefined && codeOf(error) === 'CAPACITY'
      world.check(mayThrow, 'C1', () => `${name} threw ${String(error)}`)
      undo()
    }
  }

  #expect(rule: string, name: string, run: () => unknown, expected: unknown): void {
    const before = this.#world.reactions
    const actual = run()
    this.#world.check(
      actual === expected || before > 0 || this.#world.reactions !== before,
      rule,
      () => `${name} gave ${String(actual)}, not ${String(expected)}`,
    )
  }
}

function sameItem(actual: unknown, expected: unknown): boolean {
  return actual === expected || JSON.stringify(actual) === JSON.stringify(expected)
}

/** What it returns, or the code of what it throws. */
function attempt(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return codeOf(error)
  }
}
