import type { ItemSnapshot } from '@auto-refresh/core'
import type { Item } from '../script.ts'
import type { Requests } from '../users/requests.ts'
import { type Call, isExpected } from '../world/call.ts'
import type { Entry } from '../world/entry.ts'
import type { Ledger } from '../world/ledger.ts'
import type { World } from '../world/world.ts'

/** At the end of a turn: the cache shows for each id what the ledger says (P, W, F1, F3), in snapshots that are stable (O1). */
export class ValueChecks {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #requests: Requests
  readonly #seen = new Map<string, ItemSnapshot<Item>>()
  /** How far the wall clock was ahead when each snapshot came. */
  readonly #leads = new WeakMap<ItemSnapshot<Item>, number>()
  /** The backend's newest version that was shown for an id since the last local write. */
  readonly #shown = new Map<string, { readonly generation: number; readonly v: number }>()

  constructor(world: World, ledger: Ledger, requests: Requests) {
    this.#world = world
    this.#ledger = ledger
    this.#requests = requests
  }

  endTurn(): void {
    const { cache, touched, script } = this.#world
    this.#ledger.settle()
    if (this.#world.hasActedOnAll) this.#seen.clear()
    // Few ids: look at all, also at those that nothing should have happened to.
    const ids =
      script.kind === 'users'
        ? new Set([...touched, ...this.#ledger.entries.keys(), ...cache.ids()])
        : touched
    for (const id of ids) this.#check(id)
    this.#world.check(
      cache.size === this.#ledger.entries.size,
      'W1',
      () => `${cache.size} items, and ${this.#ledger.entries.size} are right`,
    )
  }

  #check(id: string): void {
    const world = this.#world
    const snapshot = world.cache.getSnapshot(id)
    const entry = this.#ledger.entries.get(id)
    const name = JSON.stringify(id)
    const isThere =
      world.cache.has(id) === (entry !== undefined) &&
      (snapshot.status === 'missing') === (entry === undefined)
    // The order of callbacks that create, delete and evict it cannot be told from outside.
    if (!isThere && world.reactions > 0 && world.acted.has(id)) world.isLost = true
    world.check(
      isThere,
      'W1',
      () => `${name} is ${snapshot.status}, and should be ${entry?.status ?? 'missing'}`,
    )
    this.#identity(id, snapshot)
    if (entry === undefined) {
      if (this.#shown.delete(id)) this.#requests.deleted(id)
      return
    }
    this.#fields(entry, snapshot, name)
    this.#order(entry, snapshot, name)
  }

  #fields(entry: Entry, snapshot: ItemSnapshot<Item>, name: string): void {
    const world = this.#world
    const is = <T>(rule: string, what: string, actual: T, expected: T): void =>
      world.check(
        actual === expected,
        rule,
        () => `${what} of ${name} is ${show(actual)}, and ${show(expected)} is right`,
      )
    is('W7', 'status', snapshot.status, entry.status)
    is('W5', 'isDeleting', snapshot.isDeleting, entry.isMarked)
    const { item } = snapshot
    const isRight = item === entry.item || (item !== undefined && isSame(item, entry.item))
    if (!isRight && world.reactions > 0 && world.settled.has(entry.id)) world.isLost = true
    world.check(isRight, 'W6', () => `${name} is ${show(item)}, and ${show(entry.item)} is right`)
    if (item !== undefined)
      world.check(
        this.#ledger.isKnown(item, entry.id),
        'W1',
        () => `${name} shows an object that nobody gave`,
      )
    // The order of the callback and the answer cannot be told from outside.
    if (entry.isFailureVague || (world.reactions > 0 && world.settled.has(entry.id))) {
      entry.isFailureVague = false
      entry.failureCount = snapshot.failureCount
      entry.error = snapshot.error === undefined ? undefined : { is: snapshot.error }
      entry.itemFailures = Math.min(Math.max(entry.itemFailures, 1), snapshot.failureCount)
      return
    }
    is('F1', 'failureCount', snapshot.failureCount, entry.failureCount)
    const { error } = entry
    world.check(
      error === undefined ? snapshot.error === undefined : isExpected(error, snapshot.error),
      'F1',
      () => `error of ${name} is ${String(snapshot.error)}, and ${show(error)} is right`,
    )
  }

  /** The shown value never goes back to an older version of the backend's. */
  #order({ id, generation, revision }: Entry, { item }: ItemSnapshot<Item>, name: string): void {
    if (item === undefined || item.by !== 'server') return
    const last = this.#shown.get(id)
    const era = generation * 100_000 + revision
    if (last?.generation === era)
      this.#world.check(item.v >= last.v, 'W6', () => `${name} went back from version ${last.v} to ${item.v}`)
    this.#shown.set(id, { generation: era, v: item.v })
  }

  /** O1: the same object as long as nothing in it changes. */
  #identity(id: string, snapshot: ItemSnapshot<Item>): void {
    const world = this.#world
    world.check(
      world.cache.getSnapshot(id) === snapshot,
      'O1',
      () => `two snapshots of ${JSON.stringify(id)} at one moment`,
    )
    const lead = world.clock.epoch() - world.clock.time
    if (!this.#leads.has(snapshot)) this.#leads.set(snapshot, lead)
    const before = this.#seen.get(id)
    this.#seen.set(id, snapshot)
    if (before === undefined || before === snapshot) return
    // A due time that changes by as much as the wall clock was set by looks the same.
    if (this.#leads.get(before) !== lead) return
    // Changes that cancel each other within a turn may make a new snapshot.
    if (world.acted.has(id) || world.reactions > 0 || this.#requests.isAllAskedFor) return
    // So may the end of a call that was stopped, or was of an earlier generation: it lets a request in, which is rejected.
    const isFreed = (call: Call): boolean => !world.occupies(call) && call.ids.includes(id)
    const isOther = ({ state, sent }: Call): boolean =>
      state === 'over' ||
      state === 'aborted' ||
      sent.get(id)?.generation !== this.#ledger.entries.get(id)?.generation
    if ([...world.calls].some((call) => isFreed(call) && isOther(call))) return
    // A batch of a policy may be formed and dissolved within a turn, also because a new item fills it.
    if (world.script.options.batches !== undefined && world.settled.size + world.acted.size > 0) return
    // On a wall clock that stands still, a later due time looks the same.
    if (world.script.clock === 'still') return
    const keys = Object.keys(snapshot)
    const differs = keys.some((key) => !Object.is(Reflect.get(before, key), Reflect.get(snapshot, key)))
    world.check(differs, 'O1', () => `a new snapshot of ${JSON.stringify(id)} with nothing new in it`)
  }
}

function isSame(a: Item, b: Item | undefined): boolean {
  return b !== undefined && a.v === b.v && a.by === b.by && a.terminal === b.terminal && a.bad === b.bad
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined'
}
