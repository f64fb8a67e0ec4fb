/// <reference lib="esnext.disposable" preserve="true" />
import type {
  AutoRefresh,
  AutoRefreshEvent,
  AutoRefreshStats,
  ItemId,
  ItemSnapshot,
  SyncResponse,
} from './auto-refresh.ts'
import { Requests } from './dispatch/requests.ts'
import { Entries, type EntryRooms } from './entries.ts'
import type { Entry } from './entry.ts'
import { AutoRefreshError, quote } from './errors.ts'
import { Lifecycle } from './lifecycle.ts'
import { Events } from './observe/events.ts'
import { Listeners } from './observe/listeners.ts'
import { MISSING } from './observe/missing.ts'
import { newCounters } from './observe/stats.ts'
import type { AutoRefreshOptions } from './options.ts'
import { RefreshPlan } from './refresh-plan.ts'
import { resolveOptions } from './resolve-options.ts'
import { isItem } from './responses.ts'
import { snapshotOf } from './snapshot.ts'

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
    const events = new Events<Item>()
    const checked = resolveOptions(options)
    const random = (): number => events.guard(checked.random, 0)
    const resolved = { ...checked, random }
    const requests = new Requests<Item>()
    this.#rooms = {
      options: resolved,
      plan: new RefreshPlan(
        resolved,
        requests,
        () => this.#lifecycle.soon(),
        (entry) => this.#entries.touch(entry, false),
      ),
      requests,
      listeners: new Listeners((error) => events.report(error)),
      events,
      counters: newCounters(),
    }
    this.#entries = new Entries(this.#rooms)
    this.#lifecycle = new Lifecycle(this.#rooms, this.#entries)
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
    return this.#lifecycle.isRunning
  }

  get size(): number {
    return this.#entries.size
  }

  get(id: ItemId): Item | undefined {
    const entry = this.#find(id)
    this.#count(entry)
    return entry?.item
  }

  getOrThrow(id: ItemId): Item {
    const entry = this.#find(id)
    this.#count(entry)
    if (entry === undefined) throw this.#notFound(id)
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
    const entry = this.#find(id)
    checkItem(item)
    if (entry === undefined) return false
    this.#during(() => this.#entries.write(entry, item))
    return true
  }

  delete(id: ItemId): boolean {
    const entry = this.#find(id)
    if (entry === undefined) return false
    this.#during(() => this.#entries.remove(entry, 'deleted'))
    return true
  }

  deleteDelayed(id: ItemId): boolean {
    const entry = this.#find(id)
    if (entry === undefined) return false
    this.#during(() => this.#entries.condemn(entry))
    return true
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
    if (entry === undefined) throw this.#notFound(id)
    const { name } = this.#rooms.options
    if (!this.isRunning)
      throw new AutoRefreshError('STOPPED', `${name} is not running: start it before a refresh`)
    if (entry.isDeleting) {
      this.#during(() => this.#entries.remove(entry, 'delayed'))
      throw new AutoRefreshError(
        'DELETED',
        `${name}: ${quote(id)} was marked for deletion, and is removed now`,
      )
    }
    const settled = this.#rooms.requests.add(entry)
    this.#during(() => this.#lifecycle.ask(entry))
    await settled
  }

  ingest(responses: Iterable<SyncResponse<Item>>): void {
    this.#during(() => this.#lifecycle.ingest(responses))
  }

  has(id: ItemId): boolean {
    return this.#find(id) !== undefined
  }

  ids(): IterableIterator<ItemId> {
    return this.#entries.ids()
  }

  isTerminal(item: Item): boolean {
    return this.#entries.isTerminal(item)
  }

  getSnapshot(id: ItemId): ItemSnapshot<Item> {
    const entry = this.#find(id)
    return entry === undefined ? MISSING : snapshotOf(entry)
  }

  subscribe(
    id: ItemId,
    listener: () => void,
    options?: { readonly activity?: boolean | undefined },
  ): () => void {
    const { listeners } = this.#rooms
    const present = this.#find(id)
    checkListener(listener)
    const isFirst = present !== undefined && present.subscribers === undefined
    const subscription = listeners.add(id, present, listener, options?.activity === true)
    if (present !== undefined) this.#during(() => this.#entries.observe(present, isFirst))
    return () => {
      if (subscription.state === 'ended') return
      const entry = this.#entries.get(id)
      listeners.remove(subscription, entry)
      if (entry !== undefined && entry.subscribers === undefined)
        this.#during(() => this.#entries.unobserve(entry))
    }
  }

  onEvent(listener: (event: AutoRefreshEvent<Item>) => void): () => void {
    checkListener(listener)
    return this.#rooms.events.listen(listener)
  }

  stats(): AutoRefreshStats {
    return {
      size: this.#entries.size,
      ...this.#rooms.counters,
      ...this.#lifecycle.load(),
      subscribers: this.#rooms.listeners.count,
    }
  }

  #find(id: ItemId): Entry<Item> | undefined {
    if (typeof id !== 'string') throw new TypeError(`an id must be a string, but is ${String(id)}`)
    return this.#entries.get(id)
  }

  #count(entry: Entry<Item> | undefined): void {
    if (entry === undefined) {
      this.#rooms.counters.misses += 1
      return
    }
    this.#rooms.counters.hits += 1
    this.#entries.use(entry)
  }

  /** A change of several steps, and a turn after it: it may have changed what is due next. */
  #during<Result>(change: () => Result): Result {
    try {
      return this.#rooms.events.during(change)
    } finally {
      this.#lifecycle.soon()
    }
  }

  #notFound(id: ItemId): AutoRefreshError {
    const { name } = this.#rooms.options
    return new AutoRefreshError('NOT_FOUND', `${name}: there is no item ${quote(id)}`)
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
