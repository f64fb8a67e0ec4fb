import type { AutoRefresh, CacheStatus, ItemId, ItemSnapshot } from '@auto-refresh/core'
import { observerCount, reportUncaught } from '@auto-refresh/core/adapter'
import { BatchedWrites } from './batched-writes.ts'
import { claimOf } from './claim.ts'
import { newLink, type Link } from './link.ts'
import { load } from './load.ts'
import { isHidden, newestOf, show, write, writeItem } from './show.ts'
import type { ConnectedQuery, QueryEvent } from './tanstack.ts'

/** Keeps the queries of a client and the items of a cache the same. */
export class Connection<Item> {
  readonly #cache: AutoRefresh<Item>
  readonly #activity: boolean
  readonly #links = new WeakMap<ConnectedQuery<Item>, Link<Item>>()
  /** Those with a subscription. */
  readonly #followed = new Set<Link<Item>>()
  /** Those whose item has changed since the last write. */
  readonly #changed = new Set<Link<Item>>()
  readonly #writes = new BatchedWrites()
  #written: Promise<void> | undefined = undefined
  #release: (() => void) | undefined = undefined
  #status: CacheStatus
  readonly #leaveStatus: () => void

  /** @param activity true: queries are told of calls, too */
  constructor(cache: AutoRefresh<Item>, activity: boolean) {
    this.#cache = cache
    this.#activity = activity
    this.#status = cache.getStatus()
    this.#leaveStatus = cache.subscribeStatus(() => {
      const { state, isOutage } = this.#status
      this.#status = cache.getStatus()
      const isSame = isOutage === this.#status.isOutage && state === this.#status.state
      // Queries say whether the cache is offline, and whether the source is down.
      if (!isSame) for (const link of this.#followed) void this.#change(link)
    })
  }

  /** True if the cache keeps the data of a query fresh. */
  isFollowed(query: ConnectedQuery<Item>): boolean {
    return this.#links.get(query)?.end !== undefined
  }

  /** Listens to the client's `QueryCache`. */
  readonly hear = ({ type, query, action }: QueryEvent<Item>): void => {
    const link = this.#linkOf(query)
    if (link === undefined || link.isRemoved) return
    if (link.isWriting) return this.#writes.next()
    if (type === 'added') {
      link.data = query.state.data
      this.#showIfFresh(link)
    } else if (type === 'removed') {
      link.isRemoved = true
      this.#leave(link)
    } else if (type !== 'observerResultsUpdated') {
      if (action?.type === 'success') this.#noticeWrite(link, action.manual !== true)
      else if (action?.type === 'setState') this.#noticeWrite(link, false)
      if (query.isActive()) this.#follow(link)
      else this.#leave(link)
    }
  }

  /** Fetches for a query, in place of the application's `queryFn`. */
  async fetch(id: ItemId, query: ConnectedQuery<Item> | undefined): Promise<Item> {
    const link = query === undefined ? undefined : this.#linkOf(query)
    if (link === undefined)
      return load(this.#cache, id, { isRetried: () => false, onSettled: () => undefined })
    link.loads += 1
    link.asked += 1
    let isAsked = true
    const onSettled = (): void => {
      if (!isAsked) return
      isAsked = false
      link.asked -= 1
      void this.#change(link)
    }
    try {
      const isRetried = (failureCount: number, error: unknown): boolean =>
        isHidden(link, failureCount, error, this.#cache.getStatus())
      const item = await load(this.#cache, id, { isRetried, onSettled })
      link.isAnswered = true
      return item
    } finally {
      onSettled()
      link.loads -= 1
      // All that one call of the cache answered become one batch; one by one they would be a rendering each.
      await this.#change(link)
    }
  }

  /** Ends all subscriptions. */
  end(): void {
    this.#leaveStatus()
    for (const link of this.#followed) this.#leave(link)
  }

  #linkOf(query: ConnectedQuery<Item>): Link<Item> | undefined {
    const present = this.#links.get(query)
    const claim = claimOf(query.options)
    if (present !== undefined || claim?.by !== this) return present
    const link = newLink(query, claim.id)
    this.#links.set(query, link)
    return link
  }

  /** Shows a new query in its first rendering what the cache keeps fresh for others. */
  #showIfFresh(link: Link<Item>): void {
    const snapshot = this.#cache.getSnapshot(link.id)
    if (!hasItem(snapshot) || !this.#isKeptFresh(snapshot, link.id)) return
    const { data, dataUpdateCount, dataUpdatedAt } = link.query.state
    const isNewer = dataUpdatedAt <= newestOf(snapshot)
    if (data === undefined || dataUpdateCount === 0 || isNewer) writeItem(link, snapshot, false)
  }

  /** True if the cache polls the item, or somebody observes it. What is left over from before may be old. */
  #isKeptFresh({ nextRefreshAt, isRefreshing }: ItemSnapshot<Item>, id: ItemId): boolean {
    return nextRefreshAt !== undefined || isRefreshing || observerCount(this.#cache, id) > 0
  }

  #follow(link: Link<Item>): void {
    if (link.end !== undefined) return
    const { id, query } = link
    const { data, dataUpdateCount, dataUpdatedAt } = query.state
    const before = this.#cache.getSnapshot(id)
    const isKeptFresh = this.#isKeptFresh(before, id)
    link.end = this.#subscribe(link)
    if (link.end === undefined) return
    this.#release ??= this.#cache.retain()
    this.#followed.add(link)
    link.isPresent = true
    if (!hasItem(before)) {
      link.item = this.#cache.getSnapshot(id).item
      link.data = data
    } else if (data === undefined && !isKeptFresh) link.item = before.item
    // Data of a server or a storage may be newer. `initialData` is a guess.
    else if (data !== undefined && dataUpdateCount > 0 && dataUpdatedAt > newestOf(before)) {
      this.#store(link, data)
    } else this.#show(link)
  }

  /** Returns undefined if a policy of the cache refuses the subscription. Each event of the query tries again. */
  #subscribe(link: Link<Item>): (() => void) | undefined {
    const { data } = link.query.state
    try {
      const end = this.#cache.subscribe(link.id, () => void this.#change(link), {
        activity: this.#activity,
        create: true,
        // `null` is no item.
        ...(data !== null && data !== undefined && { initialItem: data }),
      })
      link.isRefused = false
      return end
    } catch (error) {
      if (!link.isRefused) reportUncaught(error)
      link.isRefused = true
      return undefined
    }
  }

  #leave(link: Link<Item>): void {
    if (link.end === undefined) return
    link.end()
    link.end = undefined
    this.#followed.delete(link)
    if (this.#followed.size === 0) {
      this.#release?.()
      this.#release = undefined
    }
    if (link.loads === 0) write(link, { fetchStatus: 'idle' })
  }

  /**
   * Takes what somebody else wrote to a query for a local write of the item. `dataUpdateCount` is 0 for initial data, and
   * for what `resetQueries` puts back.
   */
  #noticeWrite(link: Link<Item>, isFetched: boolean): void {
    const { data, dataUpdateCount } = link.query.state
    if (isFetched && link.isAnswered) {
      link.isAnswered = false
      link.item = this.#cache.getSnapshot(link.id).item
      link.data = data
    }
    if (data === undefined || dataUpdateCount === 0 || Object.is(data, link.data)) return
    this.#store(link, data)
  }

  #store(link: Link<Item>, data: Item): void {
    link.data = data
    if (data === null) {
      reportUncaught(new TypeError(`null is no item: ${JSON.stringify(link.query.queryKey)} shows it alone`))
      return
    }
    if (!this.#cache.update(link.id, data) && link.end !== undefined) {
      // The item was removed: the new data create it again.
      const end = this.#subscribe(link)
      if (end !== undefined) {
        link.end()
        link.end = end
      }
    }
    link.item = this.#cache.getSnapshot(link.id).item
  }

  /** Returns a promise of the time when the query has been told. */
  #change(link: Link<Item>): Promise<void> {
    this.#changed.add(link)
    return (this.#written ??= Promise.resolve().then(() => this.#writeAll()))
  }

  #writeAll(): void {
    this.#written = undefined
    const changed = [...this.#changed]
    this.#changed.clear()
    try {
      this.#writes.run(changed.map((link) => () => this.#write(link)))
    } catch (error) {
      reportUncaught(error)
    }
  }

  #show(link: Link<Item>): void {
    const snapshot = this.#cache.getSnapshot(link.id)
    const isFetching = this.#activity && snapshot.isRefreshing
    show(link, snapshot, this.#cache.getStatus(), isFetching)
  }

  #write(link: Link<Item>): void {
    if (link.end === undefined) return
    // The fetch that asked for this answer is about to say so.
    if (link.asked > 0 && !this.#cache.inProcessing(link.id)) return
    this.#show(link)
    // `enabled` may be a function of the data.
    if (!link.query.isActive()) this.#leave(link)
  }
}

function hasItem<Item>(
  snapshot: ItemSnapshot<Item>,
): snapshot is ItemSnapshot<Item> & { readonly item: Item } {
  return snapshot.status !== 'missing' && snapshot.status !== 'pending'
}
