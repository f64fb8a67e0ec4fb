import type { AutoRefreshEvent, ItemId } from '@auto-refresh/core'
import type { SimulatedClock } from './clock.ts'
import type { Member } from './member.ts'
import type { Source, Thing } from './source.ts'
import { check, Violation } from './violation.ts'

/** Most ms that a message takes. */
export const LATENCY = 40
/** ms of a freeze that may go unnoticed, and by which dates may be wrong afterwards: a beat and a second (K19). */
export const UNNOTICED = 3000

/** Watches whether the members of a group keep the rules, by what they tell and what they show. */
export class Rules {
  /** Rules that did not hold, in callbacks that cannot throw. */
  readonly broken: Violation[] = []
  readonly #clock: SimulatedClock
  readonly #source: Source
  readonly #members: readonly Member[]
  /** When each term began. */
  readonly #terms: number[] = []

  constructor(clock: SimulatedClock, source: Source, members: readonly Member[]) {
    this.#clock = clock
    this.#source = source
    this.#members = members
  }

  /** A member changed an id at the source, or fetched it alone: it shows nothing older (K4). */
  wrote({ wrote }: Member, id: ItemId, v: number): void {
    wrote.set(id, { v, at: this.#clock.now(), endedAt: undefined })
  }

  /** A member told of an event. */
  told(member: Member, event: AutoRefreshEvent<Thing>): void {
    try {
      if (event.type === 'role') this.#roleChanged(member, event.role)
      else if (event.type === 'updated') this.#updated(member, event.id, event.item)
      else if (event.type === 'deleted' && event.reason === 'gone') this.#lost(member, event.id)
      else if (event.type === 'sync-settled' && !('error' in event))
        for (const id of event.ids) this.#fetched(member, id, this.#clock.now() - event.duration)
    } catch (error) {
      if (error instanceof Violation) this.broken.push(error)
    }
  }

  /** @throws {Violation} if a rule did not hold, or does not now */
  watch(): void {
    const [first] = this.broken
    if (first !== undefined) throw first
    for (const member of this.#members) {
      const { name, cache, isFrozen, role } = member
      if (isFrozen) continue
      const { state } = cache.getStatus()
      check((state !== 'running') === (role === 'out'), 'K17', () => `${name} is ${role}, and ${state}`)
      const { epoch } = cache.stats()
      check(epoch >= member.epoch, 'K8', () => `${name} went from epoch ${member.epoch} back to ${epoch}`)
      member.epoch = epoch
      for (const id of cache.ids()) this.#checkDate(member, id)
    }
  }

  #roleChanged(member: Member, role: string): void {
    member.role = role
    if (role === 'out') member.epoch = 0
    if (role !== 'leader') return
    this.#terms.push(this.#clock.now())
    const { epoch } = member.cache.stats()
    check(epoch >= this.#clock.epoch(), 'B5', () => `${member.name} leads with epoch ${epoch}`)
  }

  #updated(member: Member, id: ItemId, item: Thing): void {
    const { name, wrote, expects, shape } = member
    const { v: least = 0, endedAt = Infinity } = wrote.get(id) ?? {}
    // Then K4 is over, and dates decide. After a freeze that no timer noticed they are wrong (K19).
    const isDoubtful = this.#members.some(({ thawedAt }) => thawedAt >= endedAt)
    check(item.v >= least || isDoubtful, 'K4', () => `${name} shows ${id} v${item.v} after v${least}`)
    const most = Math.max(this.#source.version(id), expects.get(id) ?? 0)
    const isForeign = item.v > most
    check(!isForeign, 'K4', () => `${name} shows ${id} v${item.v}, which nobody but another member expects`)
    this.#checkDate(member, id, item)
    check(item.shape === shape, 'K8', () => `${name} shows ${id} of another version`)
  }

  /** A call of its own has succeeded for an id. */
  #fetched(member: Member, id: ItemId, startedAt: number): void {
    const last = member.wrote.get(id)
    // What it fetched alone is not overwritten by what is older (K4). It may show what it expects, which is none of that.
    if (member.role === 'alone') {
      this.wrote(member, id, Math.max(last?.v ?? 0, this.#source.brought(member.name, id)))
    } else if (member.role === 'leader') {
      for (const { wrote } of this.#members) {
        const change = wrote.get(id)
        // By then the leader has heard of it, or had it lost on the way.
        const heardBy = (change?.at ?? 0) + (change === last ? 0 : LATENCY)
        if (change !== undefined && startedAt > heardBy) change.endedAt ??= this.#clock.now()
      }
    }
  }

  /** The source is said to have deleted an id. */
  #lost({ name, wrote }: Member, id: ItemId): void {
    const isLater = this.#source.deletedAt(id) >= (wrote.get(id)?.v ?? 0)
    check(isLater, 'K4', () => `${name} lost ${id}, which it had written`)
    // K4 is over, and no date is left that could decide: if the id is created here anew, that is a first creation.
    wrote.delete(id)
  }

  /** No date is later than the last success, of that value if one is given. */
  #checkDate({ name, cache }: Member, id: ItemId, item?: Thing): void {
    const { refreshedAt } = cache.getSnapshot(id)
    if (refreshedAt === undefined) return
    const last = this.#source.lastSuccess(id, item?.v)
    if (item !== undefined && last < 0) return
    const past = refreshedAt - 1_000_000 - last
    // A date crosses once, and again at each change of leader.
    const crossings = 1 + this.#terms.filter((at) => at >= last).length
    // The others hear of a wrong date, too.
    const isDoubtful = this.#members.some(({ isFrozen, thawedAt }) => isFrozen || thawedAt >= last)
    check(
      past <= crossings * LATENCY + (isDoubtful ? UNNOTICED : 0),
      'K19',
      () => `${name} dates ${id} ${past} ms past its last success${item ? ' with that value' : ''}`,
    )
  }
}
