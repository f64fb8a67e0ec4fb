/**
 * Items that come and go without end: created, watched in every way, refreshed until they are
 * finished, and removed in every way. It uses only the library and timers, so it runs in Node and in pages.
 */
import {
  expiry,
  InMemoryAutoRefresh,
  lru,
  until,
  watch,
  type Batch,
  type ItemId,
  type SyncResponse,
} from '@auto-refresh/core'
import { Collected } from './collected.ts'

export interface Work {
  readonly step: number
  readonly isOver: boolean
}

/** End of a life, in turns. An unobserved item belongs to its subscription; all others belong to the application. */
const ENDINGS = [
  'finished',
  'deleted',
  'marked',
  'gone',
  'left',
  'deleted in a call',
  'evicted',
  'unobserved',
] as const
type Ending = (typeof ENDINGS)[number]

/** Refreshes until an item is finished. */
const STEPS = 3
/** ms */
const INTERVAL = 1000
const TICK = 20
const LATENCY = 4
/** ms that an item lives if its source does not finish it. */
const HALF_LIFE = (STEPS / 2) * INTERVAL
/** Capacity for unobserved items, as a share of the others: less than needed, so that some are evicted. */
const SPARE_ROOM = 0.05
/** Items read per tick. */
const READS = 100

interface Life {
  readonly id: ItemId
  readonly ending: Ending
  readonly bornAt: number
  readonly unsubscribe: () => void
  readonly listener: () => void
  /** The item that was shown last. */
  shown: Work | undefined
}

export class Turnover {
  readonly #size: number
  readonly #isLeaky: boolean
  readonly #cache: InMemoryAutoRefresh<Work>
  readonly #collected = new Collected()
  /** Living items, in the order of their creation. */
  readonly #lives = new Map<ItemId, Life>()
  /** Items whose end was reported; the next tick handles them. */
  #ended: Life[] = []
  readonly #leak: unknown[] = []
  #timer: ReturnType<typeof setInterval> | undefined
  #serial = 0
  #errors = 0

  /** @param isLeaky keeps released objects, to see that this is noticed */
  constructor(size: number, isLeaky: boolean) {
    this.#size = size
    this.#isLeaky = isLeaky
    this.#cache = new InMemoryAutoRefresh<Work>({
      interval: INTERVAL,
      isTerminal: ({ isOver }) => isOver,
      gcTime: INTERVAL / 2,
      policies: [expiry({ terminalTtl: INTERVAL / 2 }), lru(Math.ceil(size * (1 + SPARE_ROOM)))],
      refreshWhenHidden: true,
      sync: (batch) => this.#answer(batch),
    })
    this.#cache.onEvent(({ type }) => {
      if (type === 'callback-error' || type === 'unexpected-response') this.#errors += 1
    })
  }

  start(): void {
    this.#cache.start()
    this.#timer = setInterval(() => this.#tick(), TICK)
  }

  /** Ends every life, and the cache. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    for (const life of this.#lives.values()) this.#end(life)
    this.#ended = []
    await this.#cache.stop()
    this.#cache.clear()
  }

  /** Returns the objects that are still held after a collection, and the counts so far. */
  report(grace?: number): TurnoverReport {
    const { size, subscribers, syncErrors } = this.#cache.stats()
    const { count, held } = { count: this.#collected.count, held: this.#collected.held(grace) }
    return {
      turned: this.#serial - this.#lives.size,
      size,
      subscribers,
      followed: count,
      held: [...held],
      errors: this.#errors + syncErrors,
    }
  }

  async #answer(batch: Batch<Work>): Promise<SyncResponse<Work>[]> {
    await new Promise((resolve) => setTimeout(resolve, LATENCY))
    return batch.map(({ id, item }) => {
      const step = 1 + (item?.step ?? 0)
      const isOver = step >= STEPS
      if (isOver && this.#lives.get(id)?.ending === 'gone') return { id, action: 'delete' }
      return { id, item: { step, isOver }, validator: step }
    })
  }

  #tick(): void {
    for (const life of this.#ended.splice(0)) this.#end(life)
    const now = performance.now()
    for (const life of this.#lives.values()) {
      if (life.bornAt + HALF_LIFE > now) break
      if (life.ending === 'deleted' || isLetGo(life)) this.#end(life)
      else if (life.ending === 'marked') this.#cache.deleteDelayed(life.id)
      else if (life.ending === 'deleted in a call' && this.#cache.getSnapshot(life.id).isRefreshing)
        this.#end(life)
    }
    this.#read()
    // Filling takes a third of an interval, so that not all items are due at once.
    const most = Math.ceil((this.#size * TICK * 3) / INTERVAL)
    for (let born = 0; born < most && this.#lives.size < this.#size; born++) this.#begin(now)
  }

  #begin(bornAt: number): void {
    const serial = this.#serial++
    const id = `item-${serial}`
    const ending = ENDINGS[serial % ENDINGS.length] ?? 'finished'
    const listener = (): void => this.#look(id)
    const create = ending === 'unobserved'
    const unsubscribe = this.#cache.subscribe(id, listener, { activity: serial % 2 === 0, create })
    if (!create) this.#cache.getOrCreate(id, newWork())
    this.#lives.set(id, { id, ending, bornAt, unsubscribe, listener, shown: undefined })
    // Both observe, and an observed item is neither evicted nor removed.
    if (serial % 7 === 0 && !isLetGo({ ending })) void until(this.#cache, id).catch(ignore)
    if (serial % 11 === 0 && !isLetGo({ ending })) void this.#follow(id)
    if (serial % 13 === 0) void this.#cache.refresh(id).catch(ignore)
    if (serial % 17 === 0) this.#cache.update(id, newWork())
  }

  async #follow(id: ItemId): Promise<void> {
    const iterator = watch(this.#cache, id)
    for await (const _ of iterator);
    this.#collected.letGo('iterator', iterator)
  }

  /** Ordinary work of an application: reads, and rows that come and go. */
  #read(): void {
    let reads = 0
    for (const id of this.#lives.keys()) {
      if (reads++ === READS) break
      this.#cache.get(id)
      this.#cache.subscribe(id, ignore)()
    }
  }

  /** Work of a listener. */
  #look(id: ItemId): void {
    const { status, item } = this.#cache.getSnapshot(id)
    const life = this.#lives.get(id)
    if (life === undefined) return
    if (life.shown !== undefined && life.shown !== item) this.#collected.letGo('item', life.shown)
    life.shown = item
    // An item that is left is removed by its time to live.
    if (status === 'missing' || (status === 'terminal' && life.ending !== 'left')) this.#ended.push(life)
  }

  #end(life: Life): void {
    if (!this.#lives.delete(life.id)) return
    const { id, listener, unsubscribe, shown } = life
    if (!isLetGo(life)) this.#cache.delete(id)
    unsubscribe()
    this.#collected.letGo('listener', listener)
    this.#collected.letGo('life', life)
    if (shown !== undefined) this.#collected.letGo('item', shown)
    if (this.#isLeaky) this.#leak.push(life)
  }
}

/** Returns an object of its own for each item, because references to it are followed. */
function newWork(): Work {
  return { step: 0, isOver: false }
}

/** True if the cache itself removes the item once nobody observes it. */
function isLetGo({ ending }: Pick<Life, 'ending'>): boolean {
  return ending === 'evicted' || ending === 'unobserved'
}

export interface TurnoverReport {
  /** Lives that have ended. */
  readonly turned: number
  /** Items in the cache now. */
  readonly size: number
  readonly subscribers: number
  /** Objects that were followed by a weak reference. */
  readonly followed: number
  /** The kinds of the objects that are held though they were released. */
  readonly held: string[]
  /** Sync calls and callbacks that failed: there must be none. */
  readonly errors: number
}

function ignore(): void {}
