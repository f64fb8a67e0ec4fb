import type { AutoRefreshStats, IntervalOption, ItemId, SyncFunction } from '@auto-refresh/core'
import type { ItemState } from '@auto-refresh/core/adapter'
import type { Delays } from '../member/delays.ts'
import type { SharedState, SharedStatus } from '../protocol/message.ts'
import type { SharedOptions } from '../shared-options.ts'
import { Back } from './back.ts'
import { type BackCache, createBack, type Join } from './back-cache.ts'
import { seedOf } from './seed.ts'
import { type LastStatus, TermStatus } from './term-status.ts'

/** The part of a member that its lead uses. */
export interface LeadPort<Item> {
  readonly sync: SyncFunction<Item>
  readonly join: Join<Item>
  readonly delays: Delays
  /** Ids that this member wants. */
  readonly wants: ReadonlySet<ItemId>
  options(): SharedOptions<Item>
  /** The front's state of an id. */
  stateOf(id: ItemId): ItemState<Item> | undefined
  /** True if the value of an id was made at this member, so that nobody else may see it (K4). */
  isLocal(id: ItemId): boolean
  /** The status that the leader before told; undefined: none was heard. */
  lastStatus(): LastStatus | undefined
  parse(data: unknown): Item
  /** True if nothing may be asked now. */
  isHeld(): boolean
  settled(isFailed: boolean): void
  /** The status that the members are told may be another one. */
  statusChanged(): void
  created(cache: BackCache<Item>): void
}

/** What a member has for its terms as a leader: the back, which is made for the first one. */
export class Lead<Item> {
  readonly #port: LeadPort<Item>
  #back: Back<Item> | undefined
  readonly #status = new TermStatus()
  /** Resolves when no call of the last term runs. */
  stopped: Promise<void> = Promise.resolve()

  constructor(port: LeadPort<Item>) {
    this.#port = port
  }

  /** The cache that polls for the group, in a term and after it. */
  get cache(): BackCache<Item> | undefined {
    return this.#back?.cache
  }

  /** Begins a term. @param isProbing begins with one call (K18) */
  start(isProbing: boolean): BackCache<Item> {
    const back = this.#present
    const states = [...this.#port.wants].flatMap((id) => this.#seedOf(id) ?? [])
    // The youngest value says how long nothing has succeeded, whoever led.
    const age = states.reduce((least, state) => Math.min(least, state.age ?? Infinity), Infinity)
    const last = this.#port.lastStatus()
    this.#status.begin(last)
    const isTroubled = isProbing || last?.isOutage === true
    back.start(states, isTroubled ? (age < Infinity ? age : 0) : undefined)
    return back.cache
  }

  stop(): void {
    this.stopped = this.#back?.stop() ?? Promise.resolve()
  }

  /** Takes what is stored. */
  seed(states: readonly SharedState[]): void {
    this.#back?.seed(states, (data) => this.#port.parse(data))
  }

  wake(): void {
    this.#back?.wake()
  }

  /** True if no call of the back succeeds. */
  get isIll(): boolean {
    return this.cache?.getStatus().isOutage === true
  }

  /** The page was away, or another member leads: the next term is another one. */
  interrupted(): void {
    this.#back?.interrupted()
  }

  /** This member has deleted an item. */
  drop(id: ItemId): void {
    this.#back?.drop(id)
  }

  /** Nothing of the last term is known any more. */
  forget(): void {
    this.#back?.forget()
  }

  setInterval(interval: IntervalOption<Item>): void {
    this.cache?.setOptions({ interval })
  }

  /** The view of the source that this leader tells. */
  get status(): SharedStatus {
    const { cache, calm } = this.#present
    return this.#status.of(cache.getStatus(), calm, cache.adapterSeam?.epoch() ?? 0)
  }

  /** Figures of the back, which outlast a term. */
  get stats(): AutoRefreshStats | undefined {
    return this.cache?.stats()
  }

  get #present(): Back<Item> {
    return (this.#back ??= this.#create())
  }

  #create(): Back<Item> {
    const { sync, join } = this.#port
    const options = this.#port.options()
    const back = new Back<Item>(options, sync, (given) => createBack(options, given, join), {
      isHeld: () => this.#port.isHeld(),
      settled: (isFailed) => {
        this.#port.settled(isFailed)
        if (this.#status.settled(isFailed)) this.#port.statusChanged()
      },
    })
    this.#port.created(back.cache)
    return back
  }

  #seedOf(id: ItemId): ItemState<Item> | undefined {
    const state = this.#port.stateOf(id)
    return state && seedOf(state, this.#port.isLocal(id), this.#port.delays.of(id, state.next))
  }
}
