import type { ItemId } from '@auto-refresh/core'
import { VirtualEnvironment } from '@auto-refresh/core/testing'
import type { SharedAutoRefresh, SharedOptions } from '@auto-refresh/share'
import { Bus } from '@auto-refresh/share/testing'
import { Chance } from './chance.ts'
import { MemberClock, SimulatedClock } from './clock.ts'
import { Source, type Thing } from './source.ts'

/** The implementation that is simulated: the real one, or one with a seeded bug. */
export interface Subject {
  readonly SharedAutoRefresh: new (options: SharedOptions<Thing>) => SharedAutoRefresh<Thing>
}

const INTERVAL = 1000
const LATENCY = 40
const IDS = ['x', 'y', 'z', '__proto__']

/** What a member wrote, or fetched alone, last. */
interface Wrote {
  readonly v: number
  readonly at: number
  /** When a call of its own as the leader had succeeded that began afterwards; undefined: none has. */
  endedAt: number | undefined
}

interface Member {
  readonly name: string
  readonly shape: string
  readonly cache: SharedAutoRefresh<Thing>
  readonly clock: MemberClock
  readonly environment: VirtualEnvironment
  readonly wrote: Map<ItemId, Wrote>
  /** `v` that this member expects of its own actions, by id. */
  readonly expects: Map<ItemId, number>
  readonly subscriptions: Map<ItemId, () => void>
  readonly releases: (() => void)[]
  role: string
  isFrozen: boolean
  /** When its last freeze ended. */
  thawedAt: number
  openRefreshes: number
}

/** A rule that did not hold. */
export class Violation extends Error {}

function check(holds: boolean, rule: string, what: () => string): void {
  if (!holds) throw new Violation(`${rule}: ${what()}`)
}

/**
 * Runs a random group, first with all kinds of trouble, then in peace. The peace of each eighth seed is long, because a leader
 * that was ill stays out for a minute.
 *
 * @throws {Violation} if a rule does not hold
 */
export async function simulate(
  seed: number,
  { SharedAutoRefresh }: Subject,
  log?: (line: string) => void,
): Promise<void> {
  const chance = new Chance(seed)
  const isLong = seed % 8 === 0
  const clock = new SimulatedClock()
  const source = new Source(clock, chance, chance.is(0.4) ? 500 : 150)
  const isOrdered = chance.is(0.6)
  let loss = chance.is(0.5) ? 0 : 0.08
  let delay = 5
  const bus = new Bus(clock, {
    // The messages here hold plain data only. This is several times as fast as `structuredClone`.
    copy: copyOf,
    latency: () => (isOrdered ? delay : chance.below(LATENCY)),
    loses: (message, to) => {
      const isLost = chance.is(loss)
      log?.(`${clock.now()} ${isLost ? 'lost ' : ''}to ${to}: ${JSON.stringify(message)}`)
      return isLost
    },
  })
  const members: Member[] = []
  const trouble: Violation[] = []
  /** When each term began. */
  const terms: number[] = []

  const note = ({ wrote }: Member, id: ItemId, v: number): void => {
    wrote.set(id, { v, at: clock.now(), endedAt: undefined })
  }

  const join = (): void => {
    const name = `m${members.length}`
    const memberClock = new MemberClock(clock)
    const environment = new VirtualEnvironment()
    const shape = chance.is(0.15) ? '2' : '1'
    const cache = new SharedAutoRefresh({
      interval: INTERVAL,
      jitter: 0,
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
    const wrote = new Map<ItemId, Wrote>()
    const member: Member = {
      name,
      shape,
      cache,
      clock: memberClock,
      environment,
      wrote,
      expects: new Map(),
      subscriptions: new Map(),
      releases: [],
      role: 'out',
      isFrozen: false,
      thawedAt: -1,
      openRefreshes: 0,
    }
    members.push(member)
    cache.onEvent((event) => {
      log?.(`${clock.now()} ${name} ${JSON.stringify(event)}`)
      if (event.type === 'role') {
        member.role = event.role
        if (event.role === 'leader') terms.push(clock.now())
      }
      try {
        if (event.type === 'updated') {
          const { v: least = 0, endedAt = Infinity } = wrote.get(event.id) ?? {}
          // Then K4 is over, and dates decide. After a freeze that no timer noticed they are wrong (K19).
          const isDoubtful = members.some((each) => each.thawedAt >= endedAt)
          check(
            event.item.v >= least || isDoubtful,
            'K4',
            () => `${name} shows ${event.id} v${event.item.v} after v${least}`,
          )
          const most = Math.max(source.version(event.id), member.expects.get(event.id) ?? 0)
          check(
            event.item.v <= most,
            'K4',
            () => `${name} shows ${event.id} v${event.item.v}, which nobody but another member expects`,
          )
          check(event.item.shape === shape, 'K8', () => `${name} shows ${event.id} of another version`)
        }
        if (event.type === 'sync-settled' && !('error' in event)) {
          for (const id of event.ids) {
            const last = wrote.get(id)
            // What it fetched alone is not overwritten by what is older (K4).
            if (member.role === 'alone') note(member, id, Math.max(last?.v ?? 0, cache.get(id)?.v ?? 0))
            else if (member.role === 'leader' && last !== undefined && clock.now() - event.duration > last.at)
              last.endedAt ??= clock.now()
          }
        }
        if (event.type === 'deleted' && event.reason === 'gone') {
          const least = wrote.get(event.id)?.v ?? 0
          check(
            source.deletedAt(event.id) > least,
            'K4',
            () => `${name} lost ${event.id}, which it had written`,
          )
        }
      } catch (error) {
        if (error instanceof Violation) trouble.push(error)
      }
    })
    cache.start()
    for (const id of IDS.slice(0, 2)) cache.getOrCreate(id)
  }

  const refresh = (member: Member, id: ItemId): void => {
    const { cache, name } = member
    if (!cache.has(id)) return
    const askedAt = clock.now()
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
          trouble.push(new Violation(`K5: ${name} was told that ${id} was refreshed, but it was not`))
      },
      (error: unknown) => {
        member.openRefreshes -= 1
        const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
        if (code === 'DELETED' || code === 'STOPPED' || code === 'TIMEOUT') return
        // In an outage one call tells of all that were asked for (S15).
        const isServed = source.calls.some((call) => call.startedAt >= askedAt && call.isFailed)
        if (!isServed)
          trouble.push(new Violation(`K5: ${name} got an error for ${id} that no call had: ${String(error)}`))
      },
    )
  }

  const write = (member: Member, id: ItemId): void => {
    if (!member.cache.has(id)) return
    const v = source.change(id)
    note(member, id, v)
    member.cache.update(id, { v, shape: member.shape })
  }

  const actions: Readonly<Record<string, (member: Member, id: ItemId) => void>> = {
    join: () => members.length < 5 && join(),
    create: ({ cache }, id) => void cache.getOrCreate(id),
    subscribe: ({ cache, subscriptions }, id) => {
      if (!subscriptions.has(id))
        subscriptions.set(
          id,
          cache.subscribe(id, () => undefined, { create: true }),
        )
    },
    unsubscribe: ({ subscriptions }, id) => {
      subscriptions.get(id)?.()
      subscriptions.delete(id)
    },
    change: (_, id) => void source.change(id),
    remove: (_, id) => {
      if (chance.is(0.3)) source.delete(id)
    },
    revive: (_, id) => {
      if (source.isDeleted(id)) source.change(id)
    },
    write,
    writeAgain: write,
    writeOnceMore: write,
    deleteAndCreate: (member, id) => {
      if (!member.cache.delete(id)) return
      const v = source.change(id)
      note(member, id, v)
      if (chance.is(0.5)) member.cache.getOrCreate(id, { v, shape: member.shape })
      else member.cache.getOrCreate(id)
    },
    hold: (member, id) => {
      if (!member.cache.has(id)) return
      // The source changes when the action ends; the page shows before what it expects then.
      const expected = source.version(id) + 1
      const release = member.cache.hold(id)
      member.expects.set(id, expected)
      member.cache.update(id, { v: expected, shape: member.shape })
      clock.setTimeout(() => {
        if (source.change(id) === expected && member.cache.get(id)?.v === expected) note(member, id, expected)
        release()
      }, chance.below(1500))
    },
    holdAgain: (member, id) => actions['hold']?.(member, id),
    // What it asks is acknowledged before what it wrote.
    askThenWrite: (member, id) => {
      const other = chance.pick(IDS)
      if (other === id) return
      actions[member.subscriptions.has(other) ? 'unsubscribe' : 'subscribe']?.(member, other)
      clock.setTimeout(() => write(member, id), 1 + chance.below(LATENCY))
    },
    // The last thing that a leader does is to show what it expects.
    holdAndGo: (member, id) => {
      actions['hold']?.(member, id)
      clock.setTimeout(() => bus.rob('A', '1'), chance.below(300))
    },
    refreshWhileDown: (member, id) => {
      source.isDown = true
      refresh(member, id)
      clock.setTimeout(() => (source.isDown = false), 300 + chance.below(1500))
    },
    cutOff: (member) => {
      bus.isCut = (from, to) => from === member.name || to === member.name
      clock.setTimeout(() => (bus.isCut = () => false), 6500 + chance.below(3000))
    },
    deleteThenWrite: (member, id) => {
      source.delete(id)
      clock.setTimeout(() => write(member, id), chance.below(250))
    },
    refresh,
    refreshAgain: refresh,
    pause: ({ cache }) => {
      cache.pause()
      clock.setTimeout(() => cache.resume(), chance.below(3000))
    },
    hide: ({ environment }) => {
      environment.setVisible(false)
      clock.setTimeout(() => environment.setVisible(true), chance.below(3000))
    },
    stop: ({ cache }) => {
      void cache.stop()
      clock.setTimeout(() => cache.start(), chance.below(2000))
    },
    freeze: (member) => {
      if (member.isFrozen || chance.is(0.5)) return
      member.isFrozen = true
      bus.freeze(member.name)
      member.clock.freeze()
      clock.setTimeout(() => thaw(member), 1000 + chance.below(20_000))
    },
    rob: () => chance.is(0.3) && bus.rob('A', '1'),
    kill: ({ name }) => chance.is(0.1) && bus.kill(name),
    cut: ({ name }) => {
      if (chance.is(0.5)) return
      bus.isCut = (from, to) => from === name || to === name
      clock.setTimeout(() => (bus.isCut = () => false), chance.below(12_000))
    },
    ill: ({ name }) => {
      if (chance.is(0.4)) source.isDownFor.add(name)
    },
    well: ({ name }) => void source.isDownFor.delete(name),
    down: () => {
      if (chance.is(0.3)) source.isDown = true
      clock.setTimeout(() => (source.isDown = false), chance.below(15_000))
    },
    hostile: ({ name }) => bus.inject(name, hostileMessage(chance, clock.epoch())),
  }

  const thaw = (member: Member): void => {
    if (!member.isFrozen) return
    member.isFrozen = false
    member.thawedAt = clock.now()
    // Queued messages or timers: either may come first.
    const steps = [() => bus.thaw(member.name), () => member.clock.thaw()]
    for (const step of chance.is(0.5) ? steps : steps.reverse()) step()
  }

  const watch = (): void => {
    const [first] = trouble
    if (first !== undefined) throw first
    for (const { name, cache, isFrozen } of members) {
      if (isFrozen) continue
      for (const id of cache.ids()) {
        const { refreshedAt } = cache.getSnapshot(id)
        if (refreshedAt === undefined) continue
        const last = Math.max(
          -1,
          ...source.calls.map((call) =>
            call.isFailed || call.settledAt === undefined || !call.ids.includes(id) ? -1 : call.settledAt,
          ),
        )
        const past = refreshedAt - 1_000_000 - last
        // A date crosses once, and again at each change of leader.
        const crossings = 1 + terms.filter((at) => at >= last).length
        // A freeze that no timer noticed may take a beat and a second. The others hear of that date, too.
        const isDoubtful = members.some((each) => each.isFrozen || each.thawedAt >= last)
        check(
          past <= crossings * LATENCY + (isDoubtful ? 3000 : 0),
          'K19',
          () => `${name} dates ${id} ${past} ms past its last success`,
        )
      }
    }
  }

  for (let count = 2 + chance.below(2); count > 0; count -= 1) join()
  const names = Object.keys(actions)
  for (let step = 0; step < 60; step += 1) {
    delay = chance.is(0.1) ? chance.below(LATENCY) : delay
    await clock.advance(chance.is(0.5) ? chance.below(60) : chance.below(1200))
    const name = chance.pick(names)
    const [member, id] = [chance.pick(members), chance.pick(IDS)]
    log?.(`${clock.now()} ${member.name} ${name} ${id}${member.isFrozen ? ' (frozen)' : ''}`)
    // A frozen page does nothing.
    if (!member.isFrozen) actions[name]?.(member, id)
    watch()
  }

  log?.(`${clock.now()} peace`)
  // Peace: everything works, and everybody is there.
  loss = 0
  bus.isCut = () => false
  source.isDown = false
  source.isDownFor.clear()
  source.slowness = 150
  for (const id of IDS) if (source.isDeleted(id)) source.change(id)
  for (const member of members) {
    thaw(member)
    member.cache.resume()
    member.environment.setVisible(true)
    if (bus.members.includes(member.name) || !member.cache.isRunning) member.cache.start()
    else {
      // It was killed: its page is loaded anew.
      void member.cache.stop()
      member.cache.start()
    }
  }
  // A deletion that was right when it was read may still come.
  await clock.advance(10_000)
  for (const { cache } of members) for (const id of IDS.slice(0, 2)) cache.getOrCreate(id)
  await clock.advance(isLong ? 65_000 : 20_000)
  watch()
  const open = members.filter(({ openRefreshes }) => openRefreshes > 0).map(({ name }) => name)
  check(open.length === 0, 'K5', () => `refreshes of ${open.join(', ')} never settled`)
  for (const { name, cache } of members) {
    const { role } = cache.stats()
    check(role === 'leader' || role === 'follower', 'K7', () => `${name} is ${role} in peace`)
    for (const id of IDS.slice(0, 2)) {
      const { item, failureCount, refreshedAt = 0 } = cache.getSnapshot(id)
      check(
        item?.v === source.version(id),
        'freshness',
        () => `${name} shows ${id} v${String(item?.v)}, the source has v${source.version(id)}`,
      )
      check(failureCount === 0, 'freshness', () => `${name} still shows a failure of ${id}`)
      const age = clock.epoch() - refreshedAt
      check(age <= INTERVAL + 2 * LATENCY + 400, 'freshness', () => `${name} has ${id} of ${age} ms ago`)
    }
  }
  // Nobody wants this one any more, and a hostile page asks for another one all the time.
  for (const { cache, subscriptions } of members) {
    subscriptions.get('z')?.()
    subscriptions.delete('z')
    cache.delete('z')
  }
  await clock.advance(3000)
  const before = source.calls.length
  const intervals = isLong ? 20 : 8
  for (let ticket = 1; ticket <= intervals * 5; ticket += 1) {
    const header = { v: 1, group: 'A', shape: '1', epoch: 0, from: 'evil' }
    const ask = { ...header, type: 'ask', n: ticket, refresh: [{ ticket, ids: ['y'] }] }
    for (const { name } of members) bus.inject(name, ask)
    await clock.advance(INTERVAL / 5)
  }
  const asked = source.calls.slice(before)
  const groups = new Set(asked.map(({ by }) => by))
  check(groups.size <= 2, 'K2', () => `${[...groups].join(', ')} asked in peace`)
  for (const by of groups) {
    const count = asked.filter((call) => call.by === by && call.ids.includes('x')).length
    const forced = asked.filter((call) => call.by === by && call.ids.includes('y')).length
    check(
      forced <= intervals * 2 + 5,
      'K8',
      () => `${by} asked for y ${forced} times in ${intervals} intervals of a second`,
    )
    check(count <= intervals + 2, 'K2', () => `${by} asked ${count} times in ${intervals} intervals`)
  }
  check(!asked.some((call) => call.ids.includes('z')), 'K6', () => 'z was refreshed, which nobody wants')
  // A failure shows at every member.
  source.isDown = true
  await clock.advance(2.5 * INTERVAL)
  for (const { name, cache } of members) {
    check(cache.getSnapshot('x').failureCount > 0, 'K3', () => `${name} shows no failure of x`)
  }
  source.isDown = false
  await clock.advance(isLong ? 20_000 : 8000)
  // A member that vanishes without a word: its wants end with the lease, and it goes on alone.
  const vanished = members.find(({ cache }) => cache.stats().role === 'follower')
  if (vanished !== undefined) {
    vanished.cache.getOrCreate('w')
    await clock.advance(2000)
    bus.kill(vanished.name)
    await clock.advance(10_000)
    const since = clock.now()
    await clock.advance(3 * INTERVAL)
    const others = source.calls.filter(
      ({ by, startedAt, ids }) => startedAt >= since && by !== vanished.name && ids.includes('w'),
    )
    check(others.length === 0, 'K6', () => `w is still refreshed for ${vanished.name}, which is gone`)
    const age = clock.epoch() - (vanished.cache.getSnapshot('x').refreshedAt ?? 0)
    check(age < 2 * INTERVAL, 'K7', () => `${vanished.name} is alone and has x of ${age} ms ago`)
  }
  const stopped = Promise.all(members.map(({ cache }) => cache.stop()))
  await clock.advance(6000)
  await stopped
  check(bus.members.length === 0, 'K16', () => `${bus.members.join(', ')} are still connected`)
  await clock.advance(20_000)
  check(clock.timers === 0, 'K16', () => `${clock.timers} timers are left`)
  watch()
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

/** A message that a hostile page could send: of the right group, and wrong in some other way. */
function hostileMessage(chance: Chance, epoch: number): unknown {
  const header = {
    v: 1,
    group: 'A',
    shape: '1',
    epoch: chance.pick([0, 1, epoch - 5, -1, 1e300, Number.NaN]),
    from: 'evil',
  }
  const body = chance.pick<Readonly<Record<string, unknown>>>([
    { type: 'beat', seq: 1e9, members: 3 },
    { type: 'answers', seq: 5, states: [{ id: 'x', seq: 5, version: 'q', item: null }], gone: [] },
    { type: 'answers', seq: 'many', states: [], gone: ['x'] },
    { type: 'ack', n: 1, seq: 1, states: 'none' },
    { type: 'ask', n: 1, refresh: [{ ticket: 1, ids: ['x'] }] },
    { type: 'ask', n: 1, remove: ['x', 'y'] },
    { type: 'ask', n: 2, wrote: ['x'] },
    { type: 'nonsense' },
    { type: 'done', ticket: 1, results: {} },
    { type: 'hello' },
  ])
  return chance.is(0.1) ? chance.pick([undefined, null, 7, 'x', []]) : { ...header, ...body }
}
