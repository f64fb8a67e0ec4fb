/// <reference lib="esnext.disposable" preserve="true" />
import {
  type AdapterSeam,
  type AutoRefresh,
  type AutoRefreshEvent,
  type AutoRefreshStats,
  type CacheStatus,
  type ItemId,
  type ItemSnapshot,
  type SubscribeOptions,
  type SyncResponse,
} from './auto-refresh.ts'
import { checkListener } from './engine/check.ts'
import { cacheError } from './engine/cache-error.ts'
import { ingest } from './engine/ingest.ts'
import { idle } from './engine/call.ts'
import {
  createEntry,
  fillEntry,
  isTerminal,
  markForDeletion,
  removeEntry,
  takeOwnership,
  writeEntry,
} from './engine/entries.ts'
import { addListener, afterQuestion, refuseWithinQuestion, transaction } from './engine/events.ts'
import { halt, retain, start } from './engine/lifecycle.ts'
import { setUserPause } from './engine/pause.ts'
import { itemChanged } from './engine/policies.ts'
import { createPolicies } from './engine/policy-host.ts'
import { refresh, refreshAll } from './engine/refresh.ts'
import { changeInterval, isInProcessing } from './engine/schedule.ts'
import { createSeam } from './engine/seam.ts'
import { snapshotOf } from './engine/snapshot.ts'
import type { Entry } from './engine/entry.ts'
import { createState, type State } from './engine/state.ts'
import { statusOf } from './engine/status.ts'
import { subscribe } from './engine/subscribe.ts'
import { tick } from './engine/tick.ts'
import { queueTick } from './engine/wake.ts'
import { clear, hold, statsOf } from './engine/whole-cache.ts'
import { nameDispose } from './environment/dispose-symbol.ts'
import { quote } from './errors.ts'
import type { AutoRefreshOptions, IntervalOption } from './options.ts'
import { checkInterval, resolveOptions } from './resolve-options.ts'

/**
 * The `AutoRefresh` of one page or one process: items live in memory, and one timer refreshes all of them in batches.
 * Constructing one starts nothing and reads no clock.
 *
 * ```ts
 * const jobs = new InMemoryAutoRefresh({
 *   sync: async (batch, { signal }) => fetchStates(batch.map((entry) => entry.id), signal),
 *   isTerminal: (job) => job.state === 'done',
 *   interval: 2000,
 * }).start()
 * jobs.getOrCreate('job-1', { state: 'queued' })
 * ```
 */
export class InMemoryAutoRefresh<Item> implements AutoRefresh<Item>, AsyncDisposable {
  readonly #state: State<Item>
  #seam: AdapterSeam<Item> | undefined

  /**
   * @throws {TypeError} if an option is missing or of the wrong type
   * @throws {RangeError} if a number is out of its range
   */
  constructor(options: AutoRefreshOptions<Item>) {
    nameDispose(this, () => this.stop())
    this.#state = createState(resolveOptions(options), tick)
    this.#state.policies = createPolicies(this.#state)
  }

  start(options?: { readonly signal?: AbortSignal | undefined }): this {
    refuseWithinQuestion(this.#state, 'start')
    start(this.#state, options?.signal)
    return this
  }

  stop(): Promise<void> {
    refuseWithinQuestion(this.#state, 'stop')
    halt(this.#state)
    return idle(this.#state)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  retain(): () => void {
    refuseWithinQuestion(this.#state, 'retain')
    return retain(this.#state)
  }

  /** Tells Vue never to make a proxy of a cache (L10). */
  get __v_skip(): boolean {
    return true
  }

  get isRunning(): boolean {
    return this.#state.isRunning
  }

  pause(): void {
    this.#change('pause', () => setUserPause(this.#state, true))
  }

  resume(): void {
    this.#change('resume', () => setUserPause(this.#state, false))
  }

  /** Replaces the interval, and reschedules every waiting item (G6). @throws {TypeError | RangeError} if it is none */
  setOptions({ interval }: { readonly interval?: IntervalOption<Item> | undefined }): void {
    if (interval === undefined) return
    checkInterval(interval)
    this.#change('setOptions', () => changeInterval(this.#state, interval))
  }

  get size(): number {
    return this.#state.entries.size
  }

  get(id: ItemId): Item | undefined {
    return this.#read(id)?.item
  }

  getOrThrow(id: ItemId): Item {
    const entry = this.#read(id)
    if (entry?.item !== undefined) return entry.item
    const why = entry === undefined ? `there is no item ${quote(id)}` : `${quote(id)} has no value yet`
    throw cacheError(this.#state, 'NOT_FOUND', why)
  }

  getOrCreate(id: ItemId): Item | undefined
  getOrCreate(id: ItemId, item: Item, options?: { readonly validator?: unknown }): Item
  getOrCreate(id: ItemId, item?: Item, options?: { readonly validator?: unknown }): Item | undefined {
    const state = this.#state
    const present = this.#find(id)
    refuseWithinQuestion(state, 'getOrCreate')
    if (item === null) throw new TypeError('an item must not be null')
    if (present === undefined) {
      return this.#change('getOrCreate', () => createEntry(state, id, item, options?.validator)).item
    }
    this.#use(present)
    return this.#change('getOrCreate', () => {
      takeOwnership(state, present)
      if (present.item === undefined && item !== undefined)
        fillEntry(state, present, item, options?.validator)
      return present.item
    })
  }

  update(id: ItemId, item: Item): boolean {
    if (item === undefined || item === null) {
      throw new TypeError(`an item must not be null or undefined, got ${String(item)}`)
    }
    return this.#changeEntry('update', id, (entry) => writeEntry(this.#state, entry, item))
  }

  delete(id: ItemId): boolean {
    return this.#changeEntry('delete', id, (entry) => removeEntry(this.#state, entry, 'deleted'))
  }

  deleteDelayed(id: ItemId): boolean {
    return this.#changeEntry('deleteDelayed', id, (entry) => markForDeletion(this.#state, entry))
  }

  clear(): void {
    this.#change('clear', () => clear(this.#state))
    // With the seam goes what `hydrate` brought: it may be another user's.
    this.#seam = undefined
  }

  hold(id: ItemId): () => void {
    refuseWithinQuestion(this.#state, 'hold')
    const entry = this.#find(id)
    if (entry === undefined) return () => undefined
    const release = hold(this.#state, entry)
    return () => afterQuestion(this.#state, release)
  }

  inProcessing(id: ItemId): boolean {
    const entry = this.#find(id)
    return entry !== undefined && this.isRunning && isInProcessing(this.#state, entry)
  }

  refresh(id: ItemId): Promise<void> {
    refuseWithinQuestion(this.#state, 'refresh')
    this.#find(id)
    const refreshed = refresh(this.#state, id)
    // The error is in the snapshot as well, for callers that drop the promise.
    refreshed.catch(() => undefined)
    return refreshed
  }

  refreshAll(): Promise<void> {
    refuseWithinQuestion(this.#state, 'refreshAll')
    const refreshed = refreshAll(this.#state)
    refreshed.catch(() => undefined)
    return refreshed
  }

  ingest(
    responses: readonly SyncResponse<Item>[],
    options?: { readonly create?: boolean | undefined },
  ): void {
    this.#change('ingest', () => ingest(this.#state, responses, options?.create === true))
  }

  has(id: ItemId): boolean {
    return this.#find(id) !== undefined
  }

  ids(): IterableIterator<ItemId> {
    return this.#state.entries.keys()
  }

  isTerminal(item: Item): boolean {
    return isTerminal(this.#state, item)
  }

  getSnapshot(id: ItemId): ItemSnapshot<Item> {
    return snapshotOf(this.#state, this.#find(id))
  }

  subscribe(id: ItemId, listener: () => void, options: SubscribeOptions<Item> = {}): () => void {
    this.#find(id)
    checkListener(listener)
    if (options.initialItem === null) throw new TypeError('initialItem must not be null')
    return this.#change('subscribe', () => subscribe(this.#state, id, listener, options))
  }

  subscribeIds(listener: () => void): () => void {
    checkListener(listener)
    refuseWithinQuestion(this.#state, 'subscribeIds')
    return addListener(this.#state.idListeners.listeners, listener)
  }

  getStatus(): CacheStatus {
    return statusOf(this.#state)
  }

  subscribeStatus(listener: () => void): () => void {
    checkListener(listener)
    refuseWithinQuestion(this.#state, 'subscribeStatus')
    this.#state.toldStatus = statusOf(this.#state)
    return addListener(this.#state.statusListeners.listeners, listener)
  }

  onEvent(listener: (event: AutoRefreshEvent<Item>) => void): () => void {
    checkListener(listener)
    refuseWithinQuestion(this.#state, 'onEvent')
    return addListener(this.#state.eventListeners, listener)
  }

  stats(): AutoRefreshStats {
    return statsOf(this.#state)
  }

  get adapterSeam(): AdapterSeam<Item> {
    return (this.#seam ??= createSeam(this.#state))
  }

  #find(id: ItemId): Entry<Item> | undefined {
    if (typeof id !== 'string') throw new TypeError(`an id must be a string, got ${String(id)}`)
    return this.#state.entries.get(id)
  }

  /** Finds what the application reads, and counts that (W9). */
  #read(id: ItemId): Entry<Item> | undefined {
    const entry = this.#find(id)
    this.#state.counters[entry?.item === undefined ? 'misses' : 'hits'] += 1
    if (entry !== undefined) this.#use(entry)
    return entry
  }

  #use(entry: Entry<Item>): void {
    if (this.#state.questions === 0) itemChanged(this.#state, entry)
  }

  /** Changes a present entry; true if there is one. */
  #changeEntry(method: string, id: ItemId, change: (entry: Entry<Item>) => void): boolean {
    const entry = this.#find(id)
    refuseWithinQuestion(this.#state, method)
    if (entry !== undefined) this.#change(method, () => change(entry))
    return entry !== undefined
  }

  /** Makes a change of several steps, and a tick after it, because something else may be due next. */
  #change<Result>(method: string, change: () => Result): Result {
    refuseWithinQuestion(this.#state, method)
    try {
      return transaction(this.#state, change)
    } finally {
      queueTick(this.#state)
    }
  }
}
