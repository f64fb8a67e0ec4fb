import type { ItemId } from '@auto-refresh/core'
import { VirtualEnvironment } from '@auto-refresh/core/testing'
import type { SharedAutoRefresh, SharedOptions } from '@auto-refresh/share'
import { Bus } from '@auto-refresh/share/testing'
import { Chance } from './chance.ts'
import { MemberClock, SimulatedClock } from './clock.ts'
import type { Member } from './member.ts'
import { LATENCY, Rules, UNNOTICED } from './rules.ts'
import { Source, type Thing } from './source.ts'
import { Violation } from './violation.ts'

/** The implementation that is simulated: the real one, or one with a seeded bug. */
export interface Subject {
  readonly SharedAutoRefresh: new (options: SharedOptions<Thing>) => SharedAutoRefresh<Thing>
}

export const INTERVAL = 1000
export const IDS: readonly ItemId[] = ['x', 'y', 'z', '__proto__']
/** The id that one member alone wants in peace. */
export const LONE = 'lone'

/** A random group: its members, what is between them, and the source. */
export class Group {
  readonly chance: Chance
  readonly clock = new SimulatedClock()
  readonly source: Source
  readonly bus: Bus
  readonly members: Member[] = []
  readonly network: { loss: number; delay: number; isGoneLost: boolean }
  readonly rules: Rules
  readonly #Cache: Subject['SharedAutoRefresh']
  readonly #log: ((line: string) => void) | undefined

  constructor(seed: number, { SharedAutoRefresh: Cache }: Subject, log?: (line: string) => void) {
    const chance = new Chance(seed)
    this.chance = chance
    this.#Cache = Cache
    this.#log = log
    this.source = new Source(this.clock, chance, chance.is(0.4) ? 500 : 150)
    const isOrdered = chance.is(0.6)
    const network = { loss: chance.is(0.5) ? 0 : 0.08, delay: 5, isGoneLost: false }
    this.network = network
    this.bus = new Bus(this.clock, {
      // The messages here hold plain data only. This is several times as fast as `structuredClone`.
      copy: copyOf,
      latency: () => (isOrdered ? network.delay : chance.below(LATENCY)),
      loses: (message, to) => {
        const isLoneGone = message.type === 'answers' && message.gone.includes(LONE)
        const isLost = chance.is(network.loss) || (network.isGoneLost && isLoneGone)
        log?.(`${this.clock.now()} ${isLost ? 'lost ' : ''}to ${to}: ${JSON.stringify(message)}`)
        return isLost
      },
    })
    this.rules = new Rules(this.clock, this.source, this.members)
  }

  join(): void {
    const { bus, chance, clock, members, rules, source } = this
    const name = `m${members.length}`
    const memberClock = new MemberClock(clock)
    const environment = new VirtualEnvironment()
    const shape = chance.is(0.15) ? '2' : '1'
    const cache = new this.#Cache({
      interval: INTERVAL,
      jitter: 0,
      isTerminal: ({ isLast }) => isLast === true,
      timeout: 5000,
      retry: { maxDelay: 5000 },
      gcTime: 20_000,
      random: () => chance.next(),
      clock: memberClock,
      environment,
      group: 'A',
      version: shape,
      transport: bus.transport(name),
      sync: (batch) => source.sync(name, shape, batch),
    })
    const member: Member = {
      name,
      shape,
      cache,
      clock: memberClock,
      environment,
      wrote: new Map(),
      expects: new Map(),
      subscriptions: new Map(),
      role: 'out',
      epoch: 0,
      isFrozen: false,
      frozenAt: -1,
      thawedAt: -1,
      openRefreshes: 0,
    }
    members.push(member)
    cache.onEvent((event) => {
      this.#log?.(`${clock.now()} ${name} ${JSON.stringify(event)}`)
      rules.told(member, event)
    })
    cache.start()
    for (const id of IDS.slice(0, 2)) cache.getOrCreate(id)
  }

  refresh(member: Member, id: ItemId): void {
    const { cache, name } = member
    const { rules, source } = this
    if (!cache.has(id)) return
    const askedAt = this.clock.now()
    member.openRefreshes += 1
    cache.refresh(id).then(
      () => {
        member.openRefreshes -= 1
        const isServed = source.calls.some(
          (call) =>
            call.startedAt >= askedAt &&
            call.ids.includes(id) &&
            call.settledAt !== undefined &&
            !call.isFailed,
        )
        if (!isServed)
          rules.broken.push(new Violation(`K5: ${name} was told that ${id} was refreshed, but it was not`))
      },
      (error: unknown) => {
        member.openRefreshes -= 1
        const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
        if (code === 'DELETED' || code === 'STOPPED' || code === 'TIMEOUT') return
        // In an outage one call tells of all that were asked for (S15).
        const isServed = source.calls.some((call) => call.startedAt >= askedAt && call.isFailed)
        if (!isServed)
          rules.broken.push(
            new Violation(`K5: ${name} got an error for ${id} that no call had: ${String(error)}`),
          )
      },
    )
  }

  write(member: Member, id: ItemId): void {
    if (!member.cache.has(id)) return
    const v = this.source.change(id)
    this.rules.wrote(member, id, v)
    member.cache.update(id, { v, shape: member.shape })
  }

  /** Stops a member. Its calls are over then (K16). */
  stop({ cache, name }: Member): void {
    const { rules, source } = this
    // It may be started again in the same moment, and ask anew.
    const running = source.calls.filter((call) => call.by === name && call.settledAt === undefined)
    void cache.stop().then(() => {
      const isRunning = running.some((call) => call.settledAt === undefined)
      if (isRunning) rules.broken.push(new Violation(`K16: ${name} is stopped, and a call of its own runs`))
    })
  }

  thaw(member: Member): void {
    if (!member.isFrozen) return
    member.isFrozen = false
    if (this.clock.now() - member.frozenAt <= UNNOTICED) member.thawedAt = this.clock.now()
    // Queued messages or timers: either may come first.
    const steps = [() => this.bus.thaw(member.name), () => member.clock.thaw()]
    for (const step of this.chance.is(0.5) ? steps : steps.reverse()) step()
  }

  log(line: () => string): void {
    this.#log?.(`${this.clock.now()} ${line()}`)
  }
}

/** Copies plain data, in depth. */
function copyOf<Data>(data: Data): Data {
  if (typeof data !== 'object' || data === null) return data
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the copy of a list is a list of the same
  if (Array.isArray(data)) return data.map((each: unknown) => copyOf(each)) as Data
  const copy = { ...data }
  for (const key in copy) copy[key] = copyOf(copy[key])
  return copy
}
