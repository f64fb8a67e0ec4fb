import { checkEnding, end } from './endings.ts'
import { check } from './violation.ts'
import { type Group, IDS, INTERVAL, LONE } from './group.ts'
import { LATENCY } from './rules.ts'

/**
 * Lets everything work again, and everybody be there; then the group must be in order.
 *
 * @param isLong a leader that was ill stays out for a minute
 */
export async function peace(
  group: Group,
  { isLong, hasEnding }: { readonly isLong: boolean; readonly hasEnding: boolean },
): Promise<void> {
  const { bus, chance, clock, members, source } = group
  group.network.loss = 0
  bus.isCut = () => false
  source.isDown = false
  source.isDownFor.clear()
  source.slowness = 150
  for (const id of IDS) if (source.isDeleted(id)) source.change(id)
  for (const member of members) {
    group.thaw(member)
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
  // The source deletes what one member wants. It writes that meanwhile, or does not hear of it (K15).
  if (hasEnding) end(group)
  const lone = chance.pick(members)
  lone.cache.getOrCreate(LONE)
  await clock.advance(2000)
  source.delete(LONE)
  group.network.isGoneLost = chance.is(0.5)
  await clock.advance(group.network.isGoneLost ? 1500 : chance.below(600))
  if (group.network.isGoneLost) source.change(LONE)
  else group.write(lone, LONE)
  await clock.advance(isLong ? 65_000 : 18_000)
  group.rules.watch()
  const open = members.filter(({ openRefreshes }) => openRefreshes > 0).map(({ name }) => name)
  check(open.length === 0, 'K5', () => `refreshes of ${open.join(', ')} never settled`)
  for (const { name, cache } of members) {
    const { role } = cache.stats()
    check(role === 'leader' || role === 'follower', 'K7', () => `${name} is ${role} in peace`)
    for (const id of cache.has(LONE) ? ['x', 'y', LONE] : ['x', 'y']) {
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
  if (hasEnding) checkEnding(group)
  // Nobody wants this one any more, and a hostile page asks for another one all the time.
  for (const { cache, subscriptions } of members) {
    subscriptions.get('z')?.()
    subscriptions.delete('z')
    cache.delete('z')
  }
  // Where messages overtake one another, an ask in full may be asked again at a few beats.
  await clock.advance(7000)
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
  let isStopped = false
  void Promise.all(members.map(({ cache }) => cache.stop())).then(() => (isStopped = true))
  // The calls that run, and their messages, take no longer.
  await clock.advance(500)
  check(isStopped, 'K16', () => 'a stop never ends')
  check(bus.members.length === 0, 'K16', () => `${bus.members.join(', ')} are still connected`)
  check(clock.timers === 0, 'K16', () => `${clock.timers} timers are left`)
  group.rules.watch()
}
