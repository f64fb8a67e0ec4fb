import type { AutoRefresh, Clock, ItemId } from '@auto-refresh/core'
import { shareError } from '../protocol/errors.ts'
import type { Ask, LeaderBody, SharedError } from '../protocol/message.ts'
import { type EncodedItems, unencoded } from './encoded-items.ts'
import type { StatusWish } from './incoming.ts'
import { notFound } from './refusal.ts'

/** ms for which an id is polled after somebody asked for it by status. */
const HELD = 30_000
/** ms that a request by status waits for a call. */
const WAIT = 10_000
/** Most ids that are polled because they were asked for by status. */
const MAX_HELD = 10_000

interface StatusDeskPort<Item> {
  readonly back: AutoRefresh<Item>
  readonly items: EncodedItems<Item>
  readonly clock: Clock
  tell(ask: Ask): void
}

/** Answers clients that have no stream: a member of its own, which wants what was asked for a short time ago. */
export class StatusDesk<Item> {
  readonly #port: StatusDeskPort<Item>
  /** Until when an id is wanted, the oldest first. */
  readonly #held = new Map<ItemId, number>()
  readonly #waiting = new Map<number, () => void>()
  #n = 0

  constructor(port: StatusDeskPort<Item>) {
    this.#port = port
  }

  /** When `tick` is due; Infinity if never. */
  get dueAt(): number {
    const [first = Infinity] = this.#held.values()
    return first
  }

  /** Stops to want what nobody has asked for in the last 30 s. */
  tick(now: number): void {
    const remove: ItemId[] = []
    for (const [id, until] of this.#held) {
      if (until > now && this.#held.size - remove.length <= MAX_HELD) break
      remove.push(id)
    }
    for (const id of remove) this.#held.delete(id)
    if (remove.length > 0) this.#ask({ remove })
  }

  /** The leader's answer to this member. */
  told(body: LeaderBody): void {
    if (body.type === 'done') this.#waiting.get(body.ticket)?.()
  }

  /**
   * Has the ids polled for a while.
   *
   * @param readable of the ids, those that may be read
   * @returns undefined if all is known; otherwise a promise that resolves when it is, or after 10 s
   */
  ready(wishes: readonly StatusWish[], readable: ReadonlySet<ItemId>): Promise<void> | undefined {
    const allowed = wishes.filter(({ id }) => readable.has(id))
    const asked = allowed.filter((wish) => wish.fresh || !this.#isKnown(wish.id)).map(({ id }) => id)
    const isAsked = new Set(asked)
    this.#hold(allowed.map(({ id }) => id).filter((id) => !isAsked.has(id)))
    if (asked.length === 0) return undefined
    // They are wanted only then, because a want would make a first call, and the refresh a second.
    return this.#refreshed(asked).then(() => this.#hold(asked))
  }

  #hold(ids: readonly ItemId[]): void {
    const now = this.#port.clock.now()
    const add = ids.filter((id) => !this.#held.has(id)).map((id) => ({ id }))
    for (const id of ids) {
      this.#held.delete(id)
      this.#held.set(id, now + HELD)
    }
    if (add.length > 0) this.#ask({ add })
    this.tick(now)
  }

  /** Returns one answer for each wish, as JSON. */
  answer(wishes: readonly StatusWish[], readable: ReadonlySet<ItemId>): string {
    return `{"answers":[${wishes.map((wish) => this.#text(wish, readable.has(wish.id))).join()}]}`
  }

  /** Resolves when calls have settled that began after now, or after 10 s. */
  #refreshed(ids: readonly ItemId[]): Promise<void> {
    const { clock } = this.#port
    return new Promise((resolve) => {
      const ticket = this.#n + 1
      const end = (): void => {
        this.#waiting.delete(ticket)
        clock.clearTimeout(timer)
        resolve()
      }
      const timer = clock.setTimeout(end, WAIT)
      this.#waiting.set(ticket, end)
      this.#ask({ refresh: [{ ticket, ids }] })
    })
  }

  #isKnown(id: ItemId): boolean {
    const { item, error } = this.#port.back.getSnapshot(id)
    return item !== undefined || error !== undefined
  }

  #text({ id, version }: StatusWish, isReadable: boolean): string {
    if (!isReadable) return fail(id, notFound(id))
    const { back, items } = this.#port
    const snapshot = back.getSnapshot(id)
    if (snapshot.status === 'missing') return JSON.stringify({ id, gone: true })
    const { item, error } = snapshot
    const encoded = item === undefined ? undefined : items.get(item)
    if (encoded?.json !== undefined && encoded.version !== version) {
      return `${JSON.stringify({ id, version: encoded.version }).slice(0, -1)},"item":${encoded.json}}`
    }
    if (encoded !== undefined && encoded.json === undefined) return fail(id, unencoded(id, encoded))
    if (error === undefined && encoded !== undefined) return JSON.stringify({ id, same: true })
    const shared = error === undefined ? PENDING : shareError(error)
    return fail(id, shared.code === 'NOT_FOUND' ? notFound(id) : shared)
  }

  #ask(ask: Omit<Ask, 'type' | 'n'>): void {
    this.#n += 1
    this.#port.tell({ type: 'ask', n: this.#n, ...ask })
  }
}

const PENDING: SharedError = { name: 'Error', code: 'PENDING', message: 'the server has no answer yet' }

function fail(id: ItemId, error: SharedError): string {
  return JSON.stringify({ id, error })
}
