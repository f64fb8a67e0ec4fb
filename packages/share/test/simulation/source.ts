import type { Batch, ItemId, SyncResponse } from '@auto-refresh/core'
import type { Chance } from './chance.ts'
import type { SimulatedClock } from './clock.ts'

/** `v` grows with every change of the id at the source, deletions included. */
export interface Thing {
  readonly v: number
  /** Version of the items of whoever asked. */
  readonly shape: string
  /** True if it is finished: it never changes again. */
  readonly isLast?: boolean
}

export interface SourceCall {
  readonly by: string
  readonly ids: readonly ItemId[]
  readonly startedAt: number
  settledAt: number | undefined
  isFailed: boolean
}

/** The source of all members: answers what it has at some moment of the call, and fails for whom it is told to. */
export class Source {
  readonly calls: SourceCall[] = []
  readonly isDownFor = new Set<string>()
  isDown = false
  slowness: number
  readonly #clock: SimulatedClock
  readonly #chance: Chance
  readonly #versions = new Map<ItemId, number>()
  readonly #deleted = new Map<ItemId, number>()
  readonly #finished = new Set<ItemId>()
  /** `v` that a member's last successful call brought, or that of the deletion, by member and id. */
  readonly #brought = new Map<string, number>()
  /** When calls last succeeded for an id, by `v`; undefined: with any, or a deletion. */
  readonly #successes = new Map<ItemId, Map<number | undefined, number>>()

  /** @param slowness most ms until the answer is made, and most ms until it is there */
  constructor(clock: SimulatedClock, chance: Chance, slowness: number) {
    this.slowness = slowness
    this.#clock = clock
    this.#chance = chance
  }

  version(id: ItemId): number {
    return this.#versions.get(id) ?? 0
  }

  isDeleted(id: ItemId): boolean {
    return this.#deleted.get(id) === this.version(id)
  }

  /** `v` of the last deletion of an id; 0: there was none. */
  deletedAt(id: ItemId): number {
    return this.#deleted.get(id) ?? 0
  }

  /** When a call last succeeded for an id, and brought that `v` if one is given; -1: none has. */
  lastSuccess(id: ItemId, v?: number): number {
    return this.#successes.get(id)?.get(v) ?? -1
  }

  /** `v` that the last successful call of a member brought for an id, or that of the deletion; 0: none did. */
  brought(by: string, id: ItemId): number {
    return this.#brought.get(`${by} ${id}`) ?? 0
  }

  /** Changes an id, or creates it anew. Returns its `v`. */
  change(id: ItemId): number {
    const v = this.version(id) + 1
    this.#versions.set(id, v)
    return v
  }

  delete(id: ItemId): void {
    this.#deleted.set(id, this.change(id))
  }

  isFinished(id: ItemId): boolean {
    return this.#finished.has(id)
  }

  /** Changes an id for the last time, if it has not been. Returns its `v`. */
  finish(id: ItemId): number {
    const v = this.isFinished(id) ? this.version(id) : this.change(id)
    this.#finished.add(id)
    return v
  }

  async sync(by: string, shape: string, batch: Batch<Thing>): Promise<readonly SyncResponse<Thing>[]> {
    const { startedAt } = { startedAt: this.#clock.now() }
    const call: SourceCall = {
      by,
      ids: batch.map(({ id }) => id),
      startedAt,
      settledAt: undefined,
      isFailed: false,
    }
    this.calls.push(call)
    const [before, after] = [this.#chance.below(this.slowness), this.#chance.below(this.slowness)]
    // Half of all answers are from the very start of the call, and so as old as can be.
    if (this.#chance.is(0.5)) await this.#wait(before)
    const versions = batch.map(({ id }) => this.version(id))
    const answer = batch.map(({ id }): SyncResponse<Thing> => {
      if (this.isDeleted(id)) return { id, action: 'delete' }
      const isLast = this.isFinished(id)
      return { id, item: { v: this.version(id), shape, ...(isLast && { isLast }) } }
    })
    await this.#wait(after)
    call.settledAt = this.#clock.now()
    call.isFailed = this.isDown || this.isDownFor.has(by)
    if (call.isFailed) throw new Error(`down for ${by}`)
    for (const [place, each] of answer.entries())
      this.#succeeded(by, each, call.settledAt, versions[place] ?? 0)
    return answer
  }

  #succeeded(by: string, answer: SyncResponse<Thing>, at: number, v: number): void {
    const { id } = answer
    this.#brought.set(`${by} ${id}`, v)
    const successes = this.#successes.get(id) ?? new Map<number | undefined, number>()
    this.#successes.set(id, successes.set(undefined, at))
    if (!('item' in answer)) return
    successes.set(answer.item.v, at)
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.setTimeout(resolve, ms))
  }
}
