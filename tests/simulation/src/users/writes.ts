import type { SyncResponse } from '@auto-refresh/core'
import type { Item, Op } from '../script.ts'
import type { Subject } from '../subject.ts'
import type { TaskQueue } from '../world/task-queue.ts'
import type { Backend } from '../world/backend.ts'
import { codeOf } from '../world/call.ts'
import type { Ledger } from '../world/ledger.ts'
import { interpret, repliesTo } from '../world/replies.ts'
import type { World } from '../world/world.ts'
import type { Observers } from './observers.ts'
import type { Requests } from './requests.ts'

/** The methods that write, create and remove; each is noted in the ledger before the cache hears of it. */
export class Writes {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #backend: Backend
  /** Actions of `mutate` that run. */
  readonly #tasks: TaskQueue
  readonly #observers: Observers
  readonly #requests: Requests
  readonly #subject: Subject
  readonly #releases = new Map<string, (() => void)[]>()
  /** Takes over what has happened to an id, and was not told yet. */
  catchUp: (id: string) => void = () => undefined

  constructor(
    world: World,
    ledger: Ledger,
    backend: Backend,
    tasks: TaskQueue,
    observers: Observers,
    requests: Requests,
    subject: Subject,
  ) {
    this.#world = world
    this.#ledger = ledger
    this.#backend = backend
    this.#tasks = tasks
    this.#observers = observers
    this.#requests = requests
    this.#subject = subject
  }

  create({ id, item: kind, validator }: Extract<Op, { op: 'create' }>): void {
    const { cache } = this.#world
    const entry = this.#ledger.entries.get(id)
    const item = kind === undefined ? undefined : this.#ledger.make(id, kind)
    const present = entry?.item
    const wasOwned = entry?.isOwned ?? false
    if (entry === undefined) this.#ledger.create(id, item, true, validator)
    else {
      entry.isOwned = true
      if (present === undefined && item !== undefined) this.#ledger.give(entry, item, validator)
    }
    this.#attempt(
      `getOrCreate(${JSON.stringify(id)})`,
      [id],
      () => (item === undefined ? cache.getOrCreate(id) : cache.getOrCreate(id, item, { validator })),
      (result) => sameItem(result, present ?? item),
      () => {
        if (entry === undefined) this.#ledger.remove(id)
        else entry.isOwned = wasOwned
      },
    )
  }

  update(id: string, kind: Extract<Op, { op: 'update' }>['item']): void {
    const entry = this.#ledger.entries.get(id)
    const item = this.#ledger.make(id, kind)
    if (entry !== undefined) this.#ledger.write(entry, item)
    this.#expect(
      'W2',
      `update(${JSON.stringify(id)})`,
      () => this.#world.cache.update(id, item),
      entry !== undefined,
    )
  }

  delete(id: string): void {
    const isPresent = this.#ledger.entries.has(id)
    this.remove(id)
    this.#expect('W4', `delete(${JSON.stringify(id)})`, () => this.#world.cache.delete(id), isPresent)
  }

  clear(): void {
    // Inside a callback, an item may be gone of which the event is still to come.
    const isHere = (id: string): boolean => this.#ledger.entries.has(id) && this.#world.cache.has(id)
    for (const listener of this.#observers.listeners)
      if (listener.create && isHere(listener.id)) listener.isCleared = true
    for (const id of [...this.#ledger.entries.keys()]) this.remove(id)
    this.#world.cache.clear()
  }

  remove(id: string): void {
    this.#ledger.remove(id)
    this.#world.acted.add(id)
    this.#requests.deleted(id)
  }

  mark(id: string): void {
    const entry = this.#ledger.entries.get(id)
    if (entry !== undefined) entry.isMarked = true
    const mark = (): boolean => this.#world.cache.deleteDelayed(id)
    this.#expect('W5', `deleteDelayed(${JSON.stringify(id)})`, mark, entry !== undefined)
  }

  ingest({ says, create }: Extract<Op, { op: 'ingest' }>): void {
    const world = this.#world
    // Items created by one response may be evicted for the next one.
    if (world.script.options.lru !== undefined && create && says.length > 1) {
      for (const say of says) this.ingest({ op: 'ingest', says: [say], create })
      return
    }
    const replies = says.flatMap((say) =>
      repliesTo([say.id], [say], (id) => this.#backend.read(id), this.#ledger),
    )
    const outcome = interpret(replies, [])
    if (outcome.hasFailed) {
      // No entry of it has an id: each is reported, and nothing else happens.
    } else
      for (const [id, verdict] of outcome.verdicts) {
        world.acted.add(id)
        this.#ledger.catchUp(id)
        this.catchUp(id)
        this.#ledger.push(id, verdict, create)
        if (!this.#ledger.entries.has(id)) this.#requests.deleted(id)
      }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const responses = replies.map(({ response }) => response) as SyncResponse<Item>[]
    const before = [...this.#ledger.entries.keys()]
    this.#attempt(
      'ingest',
      replies.flatMap(({ id }) => id ?? []),
      () => world.cache.ingest(responses, { create }),
      () => true,
      () => {
        // W14: those that found no room are absent.
        for (const id of before) if (!world.cache.has(id)) this.#ledger.remove(id)
      },
    )
  }

  hold(id: string): void {
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

  unhold(id: string): void {
    this.#world.touched.add(id)
    this.#releases.get(id)?.pop()?.()
  }

  releaseHolds(): void {
    for (const id of this.#releases.keys()) while (this.#releases.get(id)?.length !== 0) this.unhold(id)
  }

  /** W15 */
  mutate({ id, item: kind, after, succeeds }: Extract<Op, { op: 'mutate' }>): void {
    const world = this.#world
    const entry = this.#ledger.entries.get(id)
    const previous = entry?.item
    const item = this.#ledger.make(id, kind)
    const write = entry !== undefined && previous !== undefined
    const held = entry
    if (held !== undefined) held.holds += 1
    if (write) this.#ledger.write(entry, item)
    const error = new Error('of an action')
    const action = (): Promise<void> =>
      new Promise((resolve, reject) => {
        this.#tasks.add(world.now + after, () => {
          world.acted.add(id)
          world.touched.add(id)
          const present = this.#ledger.entries.get(id)
          this.#ledger.catchUp(id)
          if (held !== undefined) {
            held.holds -= 1
            held.releasedIn = world.turn
            world.releasedIn = world.turn
            held.releasedAt = world.order()
          }
          if (!succeeds && write && present === entry && entry.item === item)
            this.#ledger.write(entry, previous)
          if (present !== undefined && world.cache.isRunning) {
            this.#requests.unwatched(id)
            if (present.status === 'terminal') present.reopens = true
            if (!present.isOwned && this.#observers.count(id) === 0) present.wasIdle = true
            if (present.isMarked) this.remove(id)
          }
          if (succeeds) resolve()
          else reject(error)
        })
      })
    this.#subject.mutate(world.cache, id, item, action).then(
      () => world.check(succeeds, 'W15', () => 'mutate resolved, and its action failed'),
      (reason: unknown) =>
        world.check(!succeeds && reason === error, 'W15', () => `mutate rejected ${String(reason)}`),
    )
  }

  subscribe({ id, activity, create, item: kind }: Extract<Op, { op: 'subscribe' }>): void {
    const item = kind === undefined ? undefined : this.#ledger.make(id, kind)
    const entry = this.#ledger.entries.get(id)
    const creates = create ?? item !== undefined
    if (creates && entry === undefined) this.#ledger.create(id, item, false)
    else if (creates && item !== undefined && entry?.item === undefined && entry !== undefined)
      this.#ledger.give(entry, item)
    this.#attempt(
      `subscribe(${JSON.stringify(id)})`,
      [id],
      () => this.#observers.subscribe(id, activity, create, item),
      () => true,
      () => {
        if (creates && entry === undefined) this.#ledger.remove(id)
      },
    )
  }

  /** A method that may throw CAPACITY if there is a policy `lru`; then it has changed nothing. */
  #attempt(
    name: string,
    ids: readonly string[],
    run: () => unknown,
    isRight: (result: unknown) => boolean,
    undo: () => void,
  ): void {
    const world = this.#world
    const { foreseen } = this.#ledger
    const before = world.reactions
    const foreseenBefore = ids.map((id) => [id, foreseen.get(id) ?? 0] as const)
    try {
      const result = run()
      // Inside a callback, events of what has happened may still be to come.
      world.check(
        isRight(result) || before > 0 || world.reactions !== before,
        'W1',
        () => `${name} gave ${JSON.stringify(result)}`,
      )
    } catch (error) {
      const mayThrow = world.script.options.lru !== undefined && codeOf(error) === 'CAPACITY'
      world.check(mayThrow, 'C1', () => `${name} threw ${String(error)}`)
      // A callback may have missed meanwhile what never was.
      for (const [id, count] of foreseenBefore) foreseen.set(id, count)
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

export function sameItem(actual: unknown, expected: unknown): boolean {
  return actual === expected || JSON.stringify(actual) === JSON.stringify(expected)
}
