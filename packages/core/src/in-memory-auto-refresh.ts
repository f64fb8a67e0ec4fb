/// <reference lib="esnext.disposable" preserve="true" />
import type {
  AutoRefresh,
  AutoRefreshEvent,
  AutoRefreshStats,
  ItemId,
  ItemSnapshot,
  SyncResponse,
} from './auto-refresh.ts'
import { createRequests } from './dispatch/requests.ts'
import { createEntries, type Entries, type EntryRooms } from './entries.ts'
import type { Entry } from './entry.ts'
import { readingsOf } from './environment/clock.ts'
import { nameDispose } from './environment/dispose-symbol.ts'
import { AutoRefreshError, quote, type AutoRefreshErrorCode } from './errors.ts'
import { createLifecycle, type Lifecycle } from './lifecycle.ts'
import { createEvents } from './observe/events.ts'
import { createListeners } from './observe/listeners.ts'
import { newCounters } from './observe/stats.ts'
import type { AutoRefreshOptions } from './options.ts'
import { createRefreshPlan } from './refresh-plan.ts'
import { resolveOptions } from './resolve-options.ts'
import { isItem } from './responses.ts'
import { nextRefreshAt, snapshotOf } from './snapshot.ts'

/**
 * The `AutoRefresh` of one page or one process: items live in memory, and one timer, however many they are, refreshes
 * them in batches. Constructing one starts nothing and reads no clock.
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
  readonly #rooms: EntryRooms<Item>
  readonly #entries: Entries<Item>
  readonly #lifecycle: Lifecycle<Item>

  /**
   * @throws {TypeError} where an option is missing or of the wrong type
   * @throws {RangeError} where a number is out of its range
   */
  constructor(options: AutoRefreshOptions<Item>) {
    nameDispose(this, () => this.stop())
    const checked = resolveOptions(options)
    const events = createEvents<Item>()
    const resolved = { ...checked, random: () => events.guard(checked.random, 0) }
    const listeners = createListeners(events.report)
    const requests = createRequests<Item>()
    const touch = (entry: Entry<Item>, visible = false): void => {
      entry.snapshot = undefined
      if (entry.subscribers !== undefined) listeners.tell(entry, visible)
    }
    const replanned = (entry: Entry<Item>): void => {
      if (entry.snapshot === undefined || entry.snapshot.nextRefreshAt !== nextRefreshAt(entry)) touch(entry)
    }
    this.#rooms = {
      options: resolved,
      moment: readingsOf(resolved.clock),
      touch,
      replanned,
      plan: createRefreshPlan(resolved, requests.isWaiting, replanned),
      requests,
      listeners,
      events,
      counters: newCounters(),
    }
    this.#entries = createEntries(this.#rooms)
    this.#lifecycle = createLifecycle(this.#rooms, this.#entries)
  }

  start(options?: { readonly signal?: AbortSignal | undefined }): this {
    this.#lifecycle.start(options?.signal)
    return this
  }

  stop(): Promise<void> {
    return this.#lifecycle.stop()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  retain(): () => void {
    return this.#lifecycle.retain()
  }

  get isRunning(): boolean {
    return this.#lifecycle.isRunning()
  }

  get size(): number {
    return this.#entries.all.size
  }

  get(id: ItemId): Item | undefined {
    return this.#read(id)?.item
  }

  getOrThrow(id: ItemId): Item {
    const entry = this.#read(id)
    if (entry === undefined) throw this.#error('NOT_FOUND', id, 'is not there')
    return entry.item
  }

  getOrCreate(id: ItemId, item: Item): Item {
    const present = this.#find(id)
    if (present !== undefined) {
      this.#entries.use(present)
      return present.item
    }
    checkItem(item)
    return this.#during(() => this.#entries.create(id, item)).item
  }

  update(id: ItemId, item: Item): boolean {
    checkItem(item)
    return this.#change(id, (entry) => this.#entries.write(entry, item))
  }

  delete(id: ItemId): boolean {
    return this.#change(id, (entry) => this.#entries.remove(entry, 'deleted'))
  }

  deleteDelayed(id: ItemId): boolean {
    return this.#change(id, this.#entries.condemn)
  }

  inProcessing(id: ItemId): boolean {
    const entry = this.#find(id)
    if (entry === undefined || !this.isRunning) return false
    const { plan, options } = this.#rooms
    return entry.call !== undefined || plan.isDue(entry, options.clock.now())
  }

  refresh(id: ItemId): Promise<void> {
    const refreshed = this.#refresh(id)
    // Who only wants a refresh need not look at the promise: its error is in the snapshot as well.
    refreshed.catch(() => undefined)
    return refreshed
  }

  async #refresh(id: ItemId): Promise<void> {
    const entry = this.#find(id)
    if (entry === undefined) throw this.#error('NOT_FOUND', id, 'is not there')
    if (!this.isRunning) throw this.#error('STOPPED', id, 'is refreshed only by a running cache')
    if (entry.isDeleting) {
      this.#during(() => this.#entries.remove(entry, 'delayed'))
      throw this.#error('DELETED', id, 'was marked for deletion, and is removed')
    }
    const settled = this.#rooms.requests.add(entry)
    this.#during(() => this.#rooms.plan.ask(entry, this.#rooms.moment()))
    await settled
  }

  ingest(responses: Iterable<SyncResponse<Item>>): void {
    this.#during(() => this.#lifecycle.loop.commit.ingest(responses))
  }

  has(id: ItemId): boolean {
    return this.#find(id) !== undefined
  }

  ids(): IterableIterator<ItemId> {
    return this.#entries.all.keys()
  }

  isTerminal(item: Item): boolean {
    return this.#entries.isTerminal(item)
  }

  getSnapshot(id: ItemId): ItemSnapshot<Item> {
    return snapshotOf(this.#find(id))
  }

  subscribe(
    id: ItemId,
    listener: () => void,
    options?: { readonly activity?: boolean | undefined },
  ): () => void {
    const { listeners } = this.#rooms
    const { heedsSubscribers } = this.#entries
    const present = this.#find(id)
    checkListener(listener)
    const isFirst = present?.subscribers === undefined
    const subscription = listeners.add(id, present, listener, options?.activity === true)
    if (heedsSubscribers && present !== undefined) this.#during(() => this.#entries.observe(present, isFirst))
    return () => {
      if (subscription.state === 'ended') return
      listeners.remove(subscription)
      if (!heedsSubscribers) return
      const entry = this.#entries.all.get(id)
      if (entry !== undefined && entry.subscribers === undefined)
        this.#during(() => this.#entries.unobserve(entry))
    }
  }

  onEvent(listener: (event: AutoRefreshEvent<Item>) => void): () => void {
    checkListener(listener)
    return this.#rooms.events.listen(listener)
  }

  stats(): AutoRefreshStats {
    const { counters, listeners, options } = this.#rooms
    const { loop } = this.#lifecycle
    return {
      size: this.size,
      ...counters,
      runningCalls: loop.runningCalls(),
      waitingItems: this.isRunning ? loop.waitingItems(options.clock.now()) : 0,
      subscribers: listeners.count(),
    }
  }

  #find(id: ItemId): Entry<Item> | undefined {
    if (typeof id !== 'string') throw new TypeError(`an id must be a string, but is ${String(id)}`)
    return this.#entries.all.get(id)
  }

  /** Finds what the application reads, and counts that (W9). */
  #read(id: ItemId): Entry<Item> | undefined {
    const entry = this.#find(id)
    this.#rooms.counters[entry === undefined ? 'misses' : 'hits'] += 1
    if (entry !== undefined) this.#entries.use(entry)
    return entry
  }

  /** Changes what is there. Returns whether it was. */
  #change(id: ItemId, change: (entry: Entry<Item>) => void): boolean {
    const entry = this.#find(id)
    if (entry !== undefined) this.#during(() => change(entry))
    return entry !== undefined
  }

  /** A change of several steps, and a turn after it: it may have changed what is due next. */
  #during<Result>(change: () => Result): Result {
    try {
      return this.#rooms.events.during(change)
    } finally {
      this.#lifecycle.soon()
    }
  }

  #error(code: AutoRefreshErrorCode, id: ItemId, what: string): AutoRefreshError {
    return new AutoRefreshError(code, `${this.#rooms.options.name}: ${quote(id)} ${what}`)
  }
}

function checkItem(item: unknown): void {
  if (!isItem(item)) throw new TypeError(`an item must not be null or undefined, but is ${String(item)}`)
}

function checkListener(listener: unknown): void {
  if (typeof listener !== 'function') {
    throw new TypeError(`a listener must be a function, but is ${String(listener)}`)
  }
}
