import {
  type AutoRefresh,
  AutoRefreshError,
  type AutoRefreshEvent,
  type CacheStatus,
  type InMemoryAutoRefresh,
  type IntervalOption,
  type ItemId,
  type ItemSnapshot,
  type SubscribeOptions,
  type SyncResponse,
} from '@auto-refresh/core'
import { type AdapterSeam, refreshIds } from '@auto-refresh/core/adapter'
import { Member } from './member.ts'
import { isTooLong } from './member/long-ids.ts'
import type { Outcome } from './member/tickets.ts'
import type { SharedOptions } from './shared-options.ts'
import type { SharedStats } from './shared-stats.ts'

const NOTHING = (): void => undefined

/**
 * An `AutoRefresh` that shares the polling: of all members of a group (tabs, processes), one asks the source, and the others
 * show what it found. Alone, it is an `InMemoryAutoRefresh`.
 *
 * ```ts
 * const jobs = new SharedAutoRefresh({ sync, interval: 2000, group: userId, transport: tabs() }).start()
 * ```
 */
export class SharedAutoRefresh<Item> implements AutoRefresh<Item>, AsyncDisposable {
  readonly #member: Member<Item>
  #seam: { readonly front: AdapterSeam<Item>; readonly shown: AdapterSeam<Item> } | undefined

  /**
   * @throws {TypeError} if an option is missing or of the wrong type
   * @throws {RangeError} if a number is out of its range
   */
  constructor(options: SharedOptions<Item>) {
    this.#member = new Member(options, (upstream) => new SharedAutoRefresh(upstream))
  }

  start(options?: { readonly signal?: AbortSignal | undefined }): this {
    this.#change().start(options)
    return this
  }

  stop(): Promise<void> {
    const stopped = this.#change().stop()
    return Promise.all([stopped, this.#member.lead.stopped]).then(NOTHING)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  retain(): () => void {
    return this.#change().retain()
  }

  /** Tells Vue never to make a proxy of a cache (L10). */
  get __v_skip(): boolean {
    return true
  }

  get isRunning(): boolean {
    return this.#front.isRunning
  }

  pause(): void {
    this.#change().pause()
  }

  resume(): void {
    this.#change().resume()
  }

  /** Replaces the interval, and reschedules every waiting item (G6). @throws {TypeError | RangeError} if it is none */
  setOptions({ interval }: { readonly interval?: IntervalOption<Item> | undefined }): void {
    this.#change()
    if (interval !== undefined) this.#member.setInterval(interval)
  }

  get size(): number {
    return this.#front.size
  }

  get(id: ItemId): Item | undefined {
    return this.#front.get(id)
  }

  getOrThrow(id: ItemId): Item {
    return this.#front.getOrThrow(id)
  }

  getOrCreate(id: ItemId): Item | undefined
  getOrCreate(id: ItemId, item: Item, options?: { readonly validator?: unknown }): Item
  getOrCreate(id: ItemId, item?: Item, options?: { readonly validator?: unknown }): Item | undefined {
    const front = this.#change()
    // oxlint-disable-next-line unicorn/no-useless-undefined -- an explicit undefined is as if left out (P1)
    return item === undefined ? front.getOrCreate(id) : front.getOrCreate(id, item, options)
  }

  update(id: ItemId, item: Item): boolean {
    const isPresent = this.#change().update(id, item)
    if (isPresent) this.#member.wrote(id)
    return isPresent
  }

  delete(id: ItemId): boolean {
    return this.#change().delete(id)
  }

  deleteDelayed(id: ItemId): boolean {
    const isPresent = this.#change().deleteDelayed(id)
    if (isPresent) this.#member.wants.mark(id)
    return isPresent
  }

  clear(): void {
    const front = this.#change()
    this.#member.isClearing = true
    try {
      front.clear()
      if (this.#member.back === undefined) this.#member.lead.forget()
    } finally {
      this.#member.isClearing = false
    }
  }

  hold(id: ItemId): () => void {
    const front = this.#change()
    const { holds } = this.#member
    const release = front.hold(id)
    if (front.has(id)) holds.set(release, id)
    return () => {
      release()
      if (holds.delete(release)) this.#member.wrote(id)
    }
  }

  inProcessing(id: ItemId): boolean {
    return this.#front.inProcessing(id) || this.#member.back?.inProcessing(id) === true
  }

  refresh(id: ItemId): Promise<void> {
    const front = this.#change()
    const { link } = this.#member
    const isPresent = front.has(id)
    const isShared = this.#member.isShared && isPresent && !isTooLong(id)
    if (!isShared || front.getSnapshot(id).isDeleting) return front.refresh(id)
    return dropped(
      link.refresh([id]).then((outcomes) => {
        const outcome = outcomes.get(id)
        if (outcome !== undefined) throw outcome.error
      }),
    )
  }

  refreshAll(): Promise<void> {
    const front = this.#change()
    if (!this.#member.isShared || !front.isRunning) return front.refreshAll()
    return dropped(this.#refreshShared([...this.#member.wants.ids]))
  }

  /** Does for some ids what `refreshAll` does for all (E6). Those that are too long for messages are this member's own. */
  async #refreshShared(ids: readonly ItemId[]): Promise<void> {
    const { link } = this.#member
    const shared = ids.filter((id) => !isTooLong(id))
    const own = ids.filter(isTooLong)
    const alone = own.length > 0 && refreshIds(this.#front, own)
    const [outcomes] = await Promise.all([link.refresh(shared, true), alone])
    for (const outcome of outcomes.values()) if (isStopped(outcome)) throw outcome.error
  }

  ingest(
    responses: readonly SyncResponse<Item>[],
    options?: { readonly create?: boolean | undefined },
  ): void {
    const front = this.#change()
    const { back } = this.#member
    front.ingest(responses, options)
    const named = responses.filter(({ id }) => typeof id === 'string')
    // At the leader it is an answer for all; elsewhere a local change (K13).
    if (back !== undefined) back.ingest(named.filter(({ id }) => back.has(id)))
    else for (const { id, action } of named) if (action === 'delete' || front.has(id)) this.#member.wrote(id)
  }

  has(id: ItemId): boolean {
    return this.#front.has(id)
  }

  ids(): IterableIterator<ItemId> {
    return this.#front.ids()
  }

  isTerminal(item: Item): boolean {
    return this.#front.isTerminal(item)
  }

  getSnapshot(id: ItemId): ItemSnapshot<Item> {
    return this.#front.getSnapshot(id)
  }

  subscribe(id: ItemId, listener: () => void, options?: SubscribeOptions<Item>): () => void {
    return this.#change().subscribe(id, listener, options)
  }

  subscribeIds(listener: () => void): () => void {
    return this.#change().subscribeIds(listener)
  }

  getStatus(): CacheStatus {
    return this.#member.status.get()
  }

  subscribeStatus(listener: () => void): () => void {
    this.#change().subscribeStatus(listener)()
    return this.#member.status.subscribe(listener)
  }

  onEvent(listener: (event: AutoRefreshEvent<Item>) => void): () => void {
    const front = this.#change()
    // Refuses what is no function.
    front.onEvent(listener)()
    return this.#member.events.add(front, listener)
  }

  stats(): SharedStats {
    const { figures, lead, isShared } = this.#member
    const back = lead.stats
    const own = this.#front.stats()
    return {
      ...own,
      syncCalls: own.syncCalls + (back?.syncCalls ?? 0),
      syncErrors: own.syncErrors + (back?.syncErrors ?? 0),
      runningCalls: own.runningCalls + (back?.runningCalls ?? 0),
      waitingItems: isShared ? (back?.waitingItems ?? 0) : own.waitingItems,
      ...figures,
    }
  }

  get adapterSeam(): AdapterSeam<Item> {
    const front = this.#front.adapterSeam
    // The front takes another one when it is cleared, which forgets what was hydrated.
    if (this.#seam?.front !== front) {
      const settled = async (id: ItemId): Promise<void> => {
        if (this.#member.isShared) await this.#member.link.settled(id)
        await front.settled(id)
      }
      const refreshSome = (ids: Iterable<ItemId>): Promise<void> => {
        this.#change()
        return this.#member.isShared ? this.#refreshShared([...ids]) : front.refreshIds(ids)
      }
      this.#seam = { front, shown: { ...front, settled, refreshIds: refreshSome } }
    }
    return this.#seam.shown
  }

  get #front(): InMemoryAutoRefresh<Item> {
    return this.#member.front
  }

  /**
   * The front, for a change: the group may be another one by now.
   *
   * @throws {AutoRefreshError} REENTRANT within a question of the front or the back (O3)
   */
  #change(): InMemoryAutoRefresh<Item> {
    const front = this.#member.forChange()
    front.onEvent(NOTHING)()
    return front
  }
}

/** A caller that drops the promise finds the error in the snapshot as well. */
function dropped(promise: Promise<void>): Promise<void> {
  promise.catch(NOTHING)
  return promise
}

function isStopped(outcome: Outcome): outcome is { readonly error: AutoRefreshError } {
  return outcome?.error instanceof AutoRefreshError && outcome.error.code === 'STOPPED'
}
