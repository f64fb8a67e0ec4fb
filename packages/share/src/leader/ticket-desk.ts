import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import { refreshIds } from '@auto-refresh/core/adapter'
import { shareError } from '../protocol/errors.ts'
import type { Done, LeaderBody, Ticket, TicketResult } from '../protocol/message.ts'

/** ms between two refreshes of an id that members ask for (K8). */
const SPACING = 1000
/** ms until an item that could not be begun anew is tried again. */
const RETRY = 5000
/** Tickets of a member that are remembered once they are done, because the `done` of one may be lost. */
const MAX_DONE = 100
/** Tickets of a member that may run. More are not taken, and asked again later. */
const MAX_RUNNING = 100_000

/** Tickets of one member, by number. */
interface Tickets {
  readonly running: Set<number>
  readonly done: Map<number, Done>
}

interface DeskPort<Item> {
  readonly back: AutoRefresh<Item>
  readonly self?: string | undefined
  /** Has the back keep an id for a member, wanted or not, a terminal one for example. Returns the release function. */
  hold(from: string, id: ItemId): () => void
  /** True if an outage is told to the members. */
  isOutage(): boolean
  /** True if the id is to be begun anew, still. */
  isRevived(id: ItemId): boolean
  /** Tells the members what became of ids, before the refresh is over. */
  tell(ids: readonly ItemId[]): void
  send(body: LeaderBody, to: string): void
  now(): number
  wake(): void
}

/** Has the back refresh what members ask for (K5). */
export class TicketDesk<Item> {
  readonly #port: DeskPort<Item>
  /** How many refreshes of an id run. */
  readonly #asking = new Map<ItemId, number>()
  readonly #tickets = new Map<string, Tickets>()
  /** When an id was last refreshed for another member, or will be. */
  readonly #turns = new Map<ItemId, { readonly at: number; readonly begins: Promise<void> }>()
  /** Ids that are to be begun anew later. */
  readonly #retries = new Set<ItemId>()
  #later: { readonly at: number; readonly run: () => void }[] = []
  #isClosed = false

  constructor(port: DeskPort<Item>) {
    this.#port = port
  }

  /** True if a member's refresh of the id runs: the next success may reopen a terminal item (K15). */
  isAsking(id: ItemId): boolean {
    return this.#asking.has(id)
  }

  /** Takes a ticket. One that is known already is answered again once it is done. */
  take(from: string, { ticket, ids, all }: Ticket): void {
    const tickets: Tickets = this.#tickets.get(from) ?? { running: new Set(), done: new Map() }
    this.#tickets.set(from, tickets)
    const done = tickets.done.get(ticket)
    if (done !== undefined) this.#port.send(done, from)
    if (done !== undefined || tickets.running.has(ticket) || tickets.running.size >= MAX_RUNNING) return
    tickets.running.add(ticket)
    void this.#run(from, ticket, all ? this.#refreshAll(from, ids) : this.#refreshEach(from, ids))
  }

  /** Begins an item anew that is terminal here, and was revived at a member (K15). */
  revive(from: string, id: ItemId): void {
    void this.#refresh(from, id).then(({ error }) => {
      if (error === undefined || this.#retries.has(id)) return
      this.#retries.add(id)
      this.#runLater(this.#port.now() + RETRY, () => {
        this.#retries.delete(id)
        if (this.#port.isRevived(id)) this.revive(from, id)
      })
    })
  }

  forget(from: string): void {
    this.#tickets.delete(from)
  }

  get dueAt(): number {
    return this.#later.reduce((due, { at }) => Math.min(due, at), Infinity)
  }

  tick(now: number): void {
    const due = this.#later.filter(({ at }) => at <= now)
    this.#later = this.#later.filter(({ at }) => at > now)
    for (const [id, { at }] of [...this.#turns]) if (at + SPACING <= now) this.#turns.delete(id)
    for (const { run } of due) run()
  }

  close(): void {
    this.#isClosed = true
    this.#later = []
  }

  async #run(from: string, ticket: number, refreshed: Promise<readonly TicketResult[]>): Promise<void> {
    const results = await refreshed
    // The next leader is asked again.
    if (this.#isClosed) return
    const done: Done = { type: 'done', ticket, results }
    const tickets = this.#tickets.get(from)
    if (tickets?.running.delete(ticket) === true) {
      tickets.done.set(ticket, done)
      for (const oldest of tickets.done.keys()) {
        if (tickets.done.size <= MAX_DONE) break
        tickets.done.delete(oldest)
      }
    }
    this.#port.send(done, from)
  }

  #refreshEach(from: string, ids: readonly ItemId[]): Promise<readonly TicketResult[]> {
    return Promise.all(ids.map((id) => this.#refresh(from, id)))
  }

  /** As `refreshAll` does it, of these ids (G1, G8). An id that is not asked for has the error of before. */
  async #refreshAll(from: string, ids: readonly ItemId[]): Promise<readonly TicketResult[]> {
    const { back, self } = this.#port
    if (from !== self) await Promise.all(ids.map((id) => this.#spacing(id)))
    if (this.#isClosed) return []
    if (await this.#isWell(ids)) await refreshIds(back, ids).catch(() => undefined)
    this.#port.tell(ids)
    const results = ids.map((id) => {
      const { status, error } = back.getSnapshot(id)
      return resultOf(id, error, status === 'missing')
    })
    return results
  }

  /** In an outage that was announced before this leader's term, one call tells, of an isolated item, too (G8). */
  async #isWell(ids: readonly ItemId[]): Promise<boolean> {
    const { back } = this.#port
    if (!this.#port.isOutage() || back.getStatus().isOutage) return true
    const failing = ids.find((id) => back.getSnapshot(id).failureCount > 0)
    if (failing === undefined) return true
    return back.refresh(failing).then(
      () => true,
      () => false,
    )
  }

  async #refresh(from: string, id: ItemId): Promise<TicketResult> {
    const { back, self } = this.#port
    if (from !== self) await this.#spacing(id)
    if (this.#isClosed) return { id }
    let error: unknown
    let release: (() => void) | undefined
    this.#asking.set(id, (this.#asking.get(id) ?? 0) + 1)
    try {
      release = this.#port.hold(from, id)
      await back.refresh(id)
    } catch (thrown) {
      error = thrown
    }
    const gone = !back.has(id)
    this.#port.tell([id])
    const left = (this.#asking.get(id) ?? 1) - 1
    if (left > 0) this.#asking.set(id, left)
    else this.#asking.delete(id)
    release?.()
    return resultOf(id, error, gone)
  }

  /** Resolves at once, or when the id may be refreshed for another member again. All who wait for an id share that turn. */
  async #spacing(id: ItemId): Promise<void> {
    // A call that has not started yet serves this refresh, too.
    if (this.#asking.has(id) && !this.#port.back.getSnapshot(id).isRefreshing) return
    const now = this.#port.now()
    const last = this.#turns.get(id)
    if (last !== undefined && last.at > now) return last.begins
    const at = Math.max(now, (last?.at ?? -Infinity) + SPACING)
    if (at <= now) {
      this.#turns.set(id, { at, begins: Promise.resolve() })
      return
    }
    const begins = new Promise<void>((resolve) => this.#runLater(at, resolve))
    this.#turns.set(id, { at, begins })
    await begins
  }

  #runLater(at: number, run: () => void): void {
    if (this.#isClosed) return
    this.#later.push({ at, run })
    this.#port.wake()
  }
}

function resultOf(id: ItemId, error: unknown, gone: boolean): TicketResult {
  return { id, ...(error !== undefined && { error: shareError(error) }), ...(gone && { gone }) }
}
