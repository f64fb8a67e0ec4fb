import type { ItemState } from '@auto-refresh/core/adapter'
import type { Item, Op } from '../script.ts'
import type { Subject } from '../subject.ts'
import type { Backend } from '../world/backend.ts'
import type { Entry } from '../world/entry.ts'
import { isTerminal, type Ledger } from '../world/ledger.ts'
import type { World } from '../world/world.ts'
import { sameItem } from './writes.ts'

type AdoptOp = Extract<Op, { op: 'adopt' }>
type State = ItemState<Item>

/** Data that `hydrate` has to ignore (E4). */
const MALFORMED: readonly unknown[] = [null, 'a', { id: 7 }, { id: 'a' }, { id: 'a', failureCount: -1 }]

/** States that come from another cache or a server's render: `adopt` and `hydrate` (E1, E2, E4). */
export class Adoption {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #backend: Backend
  readonly #subject: Subject

  constructor(world: World, ledger: Ledger, backend: Backend, subject: Subject) {
    this.#world = world
    this.#ledger = ledger
    this.#backend = backend
    this.#subject = subject
  }

  adopt(op: AdoptOp): void {
    const world = this.#world
    this.#checkState(op.id)
    const state = this.#stateOf(op)
    const before = this.#ledger.entries.get(op.id)
    const isTaken = op.by === 'other-version' ? false : this.#isTaken(before, state)
    if (isTaken === true) this.#note(before, state)
    // Callbacks may write in between.
    if (isTaken === undefined && world.script.reactions.length > 0) world.isLost = true
    world.adopting += 1
    if (op.by === 'adopt') this.#subject.adopt(world.cache, [state])
    else {
      const version = op.by === 'hydrate' ? 1 : 2
      this.#subject.hydrate(world.cache, { version, at: world.clock.epoch(), states: [...MALFORMED, state] })
    }
    world.adopting -= 1
    if (isTaken === undefined && this.#looksTaken(before, state))
      this.#note(before, state).isValidatorVague = true
    // `hydrate` makes an error of its own.
    const entry = this.#ledger.entries.get(op.id)
    if (entry?.error !== undefined && 'is' in entry.error && entry.error.is === state.error)
      entry.error = { is: world.cache.getSnapshot(op.id).error }
  }

  #looksTaken(entry: Entry | undefined, { id, item, age, failureCount, error }: State): boolean {
    const shown = this.#world.cache.getSnapshot(id)
    if (failureCount > 0) return messageOf(shown.error) === messageOf(error)
    // It would have ended the item (W13).
    if (entry?.isExpected === true && item !== undefined && isTerminal(item) && shown.status !== 'terminal')
      return false
    // One without a value leaves only its date.
    if (item === undefined && age !== undefined && shown.refreshedAt === undefined) return false
    const isSame = item === undefined || sameItem(shown.item, item) || isRefused(entry, item)
    return shown.failureCount === 0 && isSame
  }

  /** E2: undefined if it cannot be told from outside. */
  #isTaken(entry: Entry | undefined, { id, age }: State): boolean | undefined {
    const world = this.#world
    if (entry === undefined) return true
    if (entry.holds > 0 || world.cache.getSnapshot(id).isRefreshing) return false
    const isCalled = this.#backend.isAnnounced(id) || [...world.calls].some(({ sent }) => sent.has(id))
    if (entry.isMarked || isCalled) return undefined
    if (age === undefined) return entry.status === 'pending' && entry.refreshedAt === undefined
    const isExact = world.script.clock === 'normal'
    if (age === 0 || (isExact && age <= world.now - entry.newestAt)) return true
    // Where the clock stands still, the cache may take a write for older than it is.
    return isExact && age > world.wall - entry.newestWall + 1 ? false : undefined
  }

  #note(before: Entry | undefined, { id, item, validator, age, next, failureCount, error }: State): Entry {
    const { now, wall } = this.#world
    const entry = before ?? this.#ledger.create(id, item, false, validator)
    if (before !== undefined && item !== undefined && !isRefused(entry, item))
      this.#ledger.give(entry, item, validator)
    entry.failureCount = failureCount
    entry.error = failureCount === 0 ? undefined : { is: error }
    entry.itemFailures = 0
    entry.isSettled = true
    entry.isAdopted = true
    entry.hasAdoptedInterval = true
    entry.isUnscheduled = next === undefined
    // Its next refresh is not its interval's.
    entry.settledAt = -Infinity
    this.#ledger.unsent.delete(entry)
    // A state with a success says that the failure is over.
    if (failureCount === 0) entry.retryAt = -Infinity
    // E2: `next` stands for the interval, which counts from the success. An interval function may give no number afterwards, so that
    // this remains the last good one (S16).
    this.#world.longestNext = Math.max(
      this.#world.longestNext,
      (next ?? 0) + (this.#isIntervalSure() ? 0 : (age ?? 0)),
    )
    if (age !== undefined) {
      entry.refreshedAt = now - age
      entry.newestAt = Math.max(entry.newestAt, now - age)
      entry.newestWall = wall - age
    }
    return entry
  }

  #stateOf({ id, item: kind, age, next, failures }: AdoptOp): State {
    const truth = this.#backend.read(id)
    const item =
      kind === undefined
        ? undefined
        : kind !== 'truth'
          ? this.#ledger.make(id, kind)
          : truth === undefined
            ? undefined
            : this.#ledger.known({ ...truth })
    const error = failures === 0 ? undefined : new Error(`of another cache, ${this.#world.order()}`)
    return { id, item, validator: undefined, error, failureCount: failures, unchangedCount: 0, age, next }
  }

  #isIntervalSure(): boolean {
    const { options, intervals } = this.#world.script
    return options.interval !== 'function' || intervals.every((one) => typeof one === 'number' && one > 0)
  }

  /** E1, E4: what is told of a state is what its snapshot shows. */
  #checkState(id: string): void {
    const { cache } = this.#world
    const state = this.#subject.stateOf(cache, id)
    const { status, item, error, failureCount, unchangedCount, nextRefreshAt } = cache.getSnapshot(id)
    const { states } = this.#subject.dehydrate(cache, [id])
    const isRight =
      state === undefined
        ? status === 'missing' && states.length === 0
        : status !== 'missing' &&
          states.length === 1 &&
          state.item === item &&
          state.error === error &&
          state.failureCount === failureCount &&
          state.unchangedCount === unchangedCount &&
          (state.next === undefined) === (nextRefreshAt === undefined) &&
          !(Number(state.age) < 0)
    this.#world.check(isRight, 'E1', () => `the state of ${JSON.stringify(id)} is ${JSON.stringify(state)}`)
  }
}

/** W7 */
function isRefused(entry: Entry | undefined, item: Item): boolean {
  return entry?.status === 'terminal' && !isTerminal(item)
}

function messageOf(error: unknown): unknown {
  return error instanceof Error ? error.message : error
}
