import type { Entry } from './entry.ts'
import type { ResolvedOptions } from './options.ts'
import { DelayList } from './schedule/delay-list.ts'

/** Which entries are too old, were kept long enough, or interest nobody any more (W12). */
export class Lifetimes<Item> {
  readonly #maxAge: number
  /** From creation. One that is not active is left out once it comes first: no timer waits for it (L5). */
  readonly #aging: DelayList<Entry<Item>>
  /** From when the entry became terminal or expired. */
  readonly #kept: DelayList<Entry<Item>>
  /** From creation, or from when the last subscriber left. */
  readonly #unobserved: DelayList<Entry<Item>>

  constructor({ maxAge, terminalTtl, gcTime }: ResolvedOptions<Item>) {
    this.#maxAge = maxAge
    this.#aging = new DelayList(maxAge)
    this.#kept = new DelayList(terminalTtl)
    this.#unobserved = new DelayList(gcTime)
  }

  /** When the next time is up, monotonic ms. */
  get firstDue(): number {
    this.#aging.dropWhile((entry) => entry.status !== 'active')
    return Math.min(this.#aging.firstDue, this.#kept.firstDue, this.#unobserved.firstDue)
  }

  isTooOld(entry: Entry<Item>, now: number): boolean {
    return entry.createdAt.now + this.#maxAge <= now
  }

  begin(entry: Entry<Item>): void {
    this.#aging.add(entry, entry.createdAt.now)
    if (entry.subscribers === undefined) this.#unobserved.add(entry, entry.createdAt.now)
  }

  /** It became terminal or expired. */
  settle(entry: Entry<Item>, now: number): void {
    this.#kept.add(entry, now)
  }

  /** It is neither any more. */
  revive(entry: Entry<Item>): void {
    this.#kept.delete(entry)
    this.#aging.restore(entry, entry.createdAt.now)
  }

  observe(entry: Entry<Item>): void {
    this.#unobserved.delete(entry)
  }

  unobserve(entry: Entry<Item>, now: number): void {
    this.#unobserved.add(entry, now)
  }

  end(entry: Entry<Item>): void {
    this.#aging.delete(entry)
    this.#kept.delete(entry)
    this.#unobserved.delete(entry)
  }

  takeAged(now: number): Entry<Item> | undefined {
    return this.#aging.takeDue(now)
  }

  takeKept(now: number): Entry<Item> | undefined {
    return this.#kept.takeDue(now)
  }

  takeUnobserved(now: number): Entry<Item> | undefined {
    return this.#unobserved.takeDue(now)
  }
}
