import type { AutoRefreshEvent } from '@auto-refresh/core'
import type { Item } from '../script.ts'
import type { Life } from '../users/life.ts'
import type { Observers } from '../users/observers.ts'
import type { Requests } from '../users/requests.ts'
import type { Backend } from '../world/backend.ts'
import type { Entry } from '../world/entry.ts'
import type { Ledger } from '../world/ledger.ts'
import type { World } from '../world/world.ts'
import { HoldOff } from './hold-off.ts'

type Event = AutoRefreshEvent<Item>
type Removal = Extract<Event, { type: 'deleted' | 'evicted' }>

/** Events that a settled call may cause. */
const AFTER_ANSWERS: ReadonlySet<Event['type']> = new Set([
  'updated',
  'terminal',
  'outage-started',
  'outage-ended',
])

interface OpenCall {
  readonly size: number
  /** The last call of each of its items had failed. */
  readonly areFailed: boolean
}

/** Each event is right, and what only time decides is taken over into the ledger: removals, expiry, eviction (P6, P7, W12, W17, C1). */
export class EventChecks {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #backend: Backend
  readonly #requests: Requests
  readonly #observers: Observers
  readonly #life: Life
  readonly #holdOff: HoldOff
  readonly #open = new Map<number, OpenCall>()
  #started = 0
  /** Failed calls since one succeeded. */
  #failures = 0
  /** The last successful call was of healthy items, and no call of such items has failed since. */
  #areHealthyWell = false
  #failedAt = -Infinity
  /** It is announced, and not because all items are isolated (F12): a call of several has failed in it. */
  #isSure = false
  #isOutage = false
  /** An outage was told of since the last successful call. */
  #wasTold = false
  reported = 0

  constructor(
    world: World,
    ledger: Ledger,
    backend: Backend,
    requests: Requests,
    observers: Observers,
    life: Life,
  ) {
    this.#world = world
    this.#ledger = ledger
    this.#backend = backend
    this.#requests = requests
    this.#observers = observers
    this.#life = life
    this.#holdOff = new HoldOff(world, ledger)
  }

  get failures(): number {
    return this.#failures
  }

  readonly tell = (event: Event): void => {
    const world = this.#world
    if (world.trace !== undefined)
      world.trace(`${world.now}     event ${JSON.stringify(event).slice(0, 130)}`)
    if ('id' in event && event.id !== undefined) world.touched.add(event.id)
    // By now the cache has taken the answer in that this is about, if it is about one.
    if (event.type === 'sync-settled') this.#ledger.settle(event.ids)
    else if (AFTER_ANSWERS.has(event.type))
      this.#ledger.catchUp('id' in event && event.id !== undefined ? event.id : undefined)
    switch (event.type) {
      case 'stopped':
        world.platform.left()
        this.#requests.stopped()
        for (const call of this.#ledger.discard()) call.state = 'over'
        return
      case 'created':
        return this.#created(event.id)
      case 'deleted':
      case 'evicted':
        return this.#removed(event)
      case 'expired':
        return this.#expired(event.id)
      case 'sync-started':
        this.#holdOff.started(event)
        return this.#syncStarted(event)
      case 'sync-settled':
        this.#holdOff.settled(event)
        return this.#syncSettled(event)
      case 'outage-started':
        world.check(
          !this.#isOutage && this.#failures >= 2,
          'F12',
          () => `an outage after ${this.#failures + 1} failed calls`,
        )
        world.check(this.#mayBeTold(), 'F12', () => 'an outage is told of, and healthy items have not failed')
        this.#isOutage = this.#wasTold = true
        return
      case 'outage-ended':
        world.check(this.#isOutage, 'F12', () => 'an outage ends that has not begun')
        this.#isOutage = false
        this.#isSure = false
        return
      case 'callback-error':
        this.reported += 1
        return
      default:
    }
  }

  endTurn(): void {
    const { cache, platform, script } = this.#world
    const status = cache.getStatus()
    const { refreshWhenHidden = false, refreshWhenOffline = false } = script.options
    const state = !this.#life.isRunning
      ? 'stopped'
      : this.#life.isPaused
        ? 'paused'
        : !platform.isVisible && refreshWhenHidden !== true
          ? 'hidden'
          : !platform.isOnline && refreshWhenOffline !== true
            ? 'offline'
            : 'running'
    this.#world.check(
      status.state === state,
      'G4',
      () => `the status is ${status.state}, and ${state} is right`,
    )
    this.#world.check(
      status.isOutage === this.#isOutage,
      'F12',
      () => `isOutage is ${String(status.isOutage)}`,
    )
    if (status.isOutage)
      this.#world.check(this.#hasFailedItem(), 'F12', () => 'an outage, and no polled item has failed')
  }

  /** G2: the only items that nobody creates by a method. */
  #created(id: string): void {
    if (this.#ledger.entries.has(id)) return
    const isRight = this.#life.clearedIds.has(id) && this.#world.cache.getSnapshot(id).status === 'pending'
    // Inside a callback it may be gone again.
    if (!isRight && this.#world.reactions > 0) return
    this.#world.check(isRight, 'G2', () => `${JSON.stringify(id)} is created by nobody`)
    if (isRight) this.#life.recreated(id)
  }

  #removed(event: Removal): void {
    const world = this.#world
    const { id } = event
    this.#requests.deleted(id)
    const foreseen = this.#ledger.foreseen.get(id) ?? 0
    if (foreseen > 0) {
      this.#ledger.foreseen.set(id, foreseen - 1)
      return
    }
    const reason = event.type === 'evicted' ? 'evicted' : event.reason
    // Or it was pushed, and a running call of the id brings its answer later.
    if (reason === 'gone') this.#ledger.catchUp(id)
    const entry = this.#ledger.entries.get(id)
    const name = (): string => `${JSON.stringify(id)} is removed: ${reason}`
    if (reason === 'deleted' || reason === 'gone')
      return world.check(
        entry === undefined || world.reactions > 0,
        'W4',
        () => `${name()}, and nobody said so`,
      )
    if (entry === undefined) return
    if (world.reactions > 0) {
      // It may be about the item before this one.
      if (!world.cache.has(id)) this.#ledger.remove(id)
      return
    }
    // An `until` or a `watch` that ends in this turn observes no longer, before it is known to have ended.
    const isEnded = entry.status === 'terminal' || entry.status === 'expired'
    const isLeft = isEnded && [...this.#observers.listeners].every((one) => one.id !== id)
    const isObserved =
      this.#observers.count(id) > 0 && !isLeft && !world.acted.has(id) && !world.settled.has(id)
    const isTrue = world.script.clock === 'normal'
    const now = isTrue ? world.wall : Infinity
    const { maxAge = Infinity, terminalTtl = Infinity } = world.script.options.expiry ?? {}
    if (reason === 'delayed') world.check(entry.isMarked, 'W5', name)
    else if (reason === 'terminal-ttl')
      world.check(isEnded && now >= entry.endedAt + terminalTtl - 1, 'W12', name)
    else if (reason === 'expired')
      world.check(entry.item === undefined && now >= entry.createdWall + maxAge - 1, 'P6', name)
    else if (reason === 'unobserved') {
      const { gcTime = 300_000 } = world.script.options
      const isFree = !entry.isOwned && !isObserved
      const isOver = isFree && this.#observers.count(id) > 0
      world.check((isFree && now >= entry.unobservedAt + gcTime - 1) || isOver, 'P7', name)
    } else {
      world.check(!isObserved, 'C1', () => `${name()}, and it is observed`)
      const call = world.callOf(id)
      const isCalled = call?.state === 'running' && call.sent.get(id)?.generation === entry.generation
      world.check(!isCalled, 'C1', () => `${name()}, and it is in a call`)
      world.check(world.script.options.lru !== undefined, 'C1', name)
    }
    this.#ledger.remove(id)
  }

  #expired(id: string): void {
    const world = this.#world
    const entry = this.#ledger.entries.get(id)
    if (entry === undefined || (world.reactions > 0 && world.cache.getSnapshot(id).status !== 'expired'))
      return
    const { maxAge = Infinity } = world.script.options.expiry ?? {}
    const isOld = world.script.clock !== 'normal' || world.wall >= entry.createdWall + maxAge - 1
    // An answer of this turn may have made it active just before.
    world.check(
      isOld && (entry.status !== 'terminal' || world.acted.has(id)),
      'W12',
      () => `${JSON.stringify(id)} expires`,
    )
    const wasTerminal = entry.status === 'terminal'
    this.#ledger.settle([id])
    // An answer of this turn that came after it: a terminal value ends an expired item anew (W7).
    if (entry.status === 'terminal' && !wasTerminal) return
    entry.status = 'expired'
    entry.endedAt = world.wall
  }

  #syncStarted({ call, kind, ids }: Extract<Event, { type: 'sync-started' }>): void {
    this.#started += 1
    this.#world.check(
      call === this.#started,
      'events',
      () => `call ${call} follows call ${this.#started - 1}`,
    )
    const areFailed = ids.every((id) => (this.#ledger.entries.get(id)?.failedCalls ?? 0) > 0)
    this.#open.set(call, { size: ids.length, areFailed })
    if (kind === 'asked' && areFailed && this.#isSure && this.#world.script.clock === 'normal')
      this.#world.check(
        this.#world.wall >= this.#failedAt + 1000 - 1,
        'S15',
        () => `call ${call} is asked for ${this.#world.wall - this.#failedAt} ms after a failed one`,
      )
    this.#backend.announce(kind, ids)
  }

  #syncSettled({ call, ids, ...rest }: Extract<Event, { type: 'sync-settled' }>): void {
    const world = this.#world
    const isFailed = 'error' in rest
    const started = this.#open.get(call)
    world.check(started?.size === ids.length, 'events', () => `call ${call} settles, and did not run`)
    this.#open.delete(call)
    if (isFailed) this.#failedAt = world.wall
    if (isFailed && ids.length > 1 && this.#isOutage) this.#isSure = true
    this.#failures = isFailed ? this.#failures + 1 : 0
    if (!isFailed) this.#wasTold = false
    if (!isFailed) this.#areHealthyWell = started?.areFailed === false
    else if (started?.areFailed === false) this.#areHealthyWell = false
  }

  #hasFailedItem(): boolean {
    for (const entry of this.#ledger.entries.values()) {
      const { id, status, failedCalls, failureCount, isFailureVague } = entry
      // What was pushed since its last call failed shows no failure, and is retried all the same (F19).
      const hasFailed = failedCalls + failureCount > 0 || isFailureVague || this.#world.touched.has(id)
      if ((status === 'pending' || this.#isPolled(entry)) && hasFailed) return true
    }
    return false
  }

  #isPolled({ id, status, isMarked, isOwned }: Entry): boolean {
    return status === 'active' && !isMarked && (isOwned || this.#observers.count(id) > 0)
  }

  /** F12: the call that fails now is among the open ones. It is told again if what had failed is back. */
  #mayBeTold(): boolean {
    if (!this.#areHealthyWell || this.#wasTold) return true
    for (const { areFailed } of this.#open.values()) if (!areFailed) return true
    for (const entry of this.#ledger.entries.values()) {
      if (this.#isPolled(entry) && entry.failedCalls === 0 && !this.#world.touched.has(entry.id)) return false
    }
    return true
  }
}
