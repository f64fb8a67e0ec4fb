import type { ItemId } from '@auto-refresh/core'

/** Most fences of ids that are not wanted, because they may never be lifted. The oldest go first. */
const MAX_IDLE = 1000

/** A fence keeps out what calls bring that began before the leader heard of a local change (K4). */
interface Fence {
  /** Number of the first ask that told the leader; 0: it was not told yet. */
  n: number
  /** `seq` of the leader's `ack`. A success that is announced later is from a newer call. */
  seq: number | undefined
  /** Refreshes that are over when it falls; undefined if the value was changed at this member itself, which sees that. */
  readonly kept: (() => void)[] | undefined
}

/** The ids whose values changed at this member, and have no newer value of the leader yet. */
export class Fences {
  readonly #fences = new Map<ItemId, Fence>()
  /** Ids by the ask that told of them. */
  readonly #asks = new Map<number, readonly ItemId[]>()

  /** Raises a fence, which the leader is to be told of. @param isPassedOn true if a member changed the value that follows this one (H8) */
  raise(id: ItemId, wants: ReadonlySet<ItemId>, isPassedOn: boolean): void {
    const before = this.#fences.get(id)
    const kept = isPassedOn ? (before ? before.kept : []) : undefined
    this.#fences.delete(id)
    this.#fences.set(id, { n: 0, seq: undefined, kept })
    if (this.#fences.size <= wants.size + MAX_IDLE) return
    for (const each of this.#fences.keys()) {
      if (wants.has(each)) continue
      this.#fences.delete(each)
      return
    }
  }

  has(id: ItemId): boolean {
    return this.#fences.has(id)
  }

  /** True if the leader's success with this number may be from a call that began before the change. */
  keepsOut(id: ItemId, seq: number): boolean {
    const fence = this.#fences.get(id)
    return fence !== undefined && seq <= (fence.seq ?? Infinity)
  }

  /** A newer success is taken. */
  fall(id: ItemId): void {
    const { kept = [] } = this.#fences.get(id) ?? {}
    this.#fences.delete(id)
    for (const settle of kept) settle()
  }

  /** Settles a refresh now, or when what it brought is taken (K5). */
  settle(id: ItemId, settle: () => void): void {
    const kept = this.#fences.get(id)?.kept
    if (kept === undefined) settle()
    else kept.push(settle)
  }

  /** Ids of which no leader has been told. */
  untold(): ItemId[] {
    return [...this.#fences].filter(([, { n }]) => n === 0).map(([id]) => id)
  }

  /** Ids that the leader was told of and has not acknowledged: a call may still run, or a message is lost. */
  unacknowledged(): ItemId[] {
    return [...this.#fences].filter(([, { n, seq }]) => n > 0 && seq === undefined).map(([id]) => id)
  }

  told(ids: readonly ItemId[], n: number): void {
    this.#asks.set(n, ids)
    for (const id of ids) {
      const fence = this.#fences.get(id)
      if (fence?.n === 0) fence.n = n
    }
  }

  /** The leader says: no call from before that ask still runs. Returns the ids whose fences wait for a success now. */
  acknowledged(n: number, seq: number): readonly ItemId[] {
    const ids = this.#asks.get(n) ?? []
    this.#asks.delete(n)
    return ids.filter((id) => {
      const fence = this.#fences.get(id)
      if (fence === undefined || fence.n === 0 || n < fence.n) return false
      fence.seq = seq
      return true
    })
  }

  /** True if an id waits for an acknowledgement. */
  get isPending(): boolean {
    return [...this.#fences.values()].some(({ seq }) => seq === undefined)
  }

  /** The leader is told once more: it may not know any more who waits for a newer value. */
  retell(id: ItemId): void {
    const fence = this.#fences.get(id)
    if (fence?.seq === undefined) return
    fence.n = 0
    fence.seq = undefined
  }

  /** Changes that were told may be lost. @param isNewLeader true: what was acknowledged does not count any more, either */
  forgetTold(isNewLeader: boolean): void {
    this.#asks.clear()
    for (const fence of this.#fences.values()) {
      if (!isNewLeader && fence.seq !== undefined) continue
      fence.n = 0
      fence.seq = undefined
    }
  }

  clear(): void {
    this.#fences.clear()
    this.#asks.clear()
  }
}
