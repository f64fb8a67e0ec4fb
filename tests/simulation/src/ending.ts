import { getEventListeners } from 'node:events'
import type { Pace } from './pace.ts'
import type { Entry } from './world/entry.ts'
import type { World } from './world/world.ts'

/** ms; what a `retryAfter` holds for longer is not waited for. */
const PATIENCE = 600_000

/** With a healthy backend and no disturbance, everything must recover. Then everything ends, and nothing may be left. */
export async function end(runner: Pace): Promise<void> {
  const { reactions, world } = runner.cast
  reactions.isSilent = true
  if (world.script.kind === 'users') await recover(runner)
  if (!runner.isOver) await finish(runner)
}

async function recover(runner: Pace): Promise<void> {
  const { world, backend, user, ledger, requests } = runner.cast
  world.heal()
  // All of this is one turn, so changes that cancel each other are not judged.
  for (const id of ledger.entries.keys()) world.acted.add(id)
  backend.answers.runAll()
  await runner.turn()
  user.releaseHolds()
  if (user.life.isPaused) await runner.act({ op: 'resume' })
  await runner.act({ op: 'page', visible: true, online: true }, { op: 'manager', online: true })
  await runner.act({ op: 'start' })
  const healed = world.now
  const { interval, rateLimit, batches } = world.script.options
  const longest =
    interval === 'function'
      ? Math.max(1, ...finite(world.script.intervals))
      : Number.isFinite(interval)
        ? interval
        : 0
  const size = ledger.entries.size + 1
  const tokens = rateLimit === undefined ? 0 : (2 * size * rateLimit.per) / rateLimit.calls
  const bound =
    2.5 * Math.max(world.maxDelay, world.longestInterval, world.longestNext, longest) +
    15_000 +
    size * 2000 +
    tokens +
    world.longestRetryAfter
  const isBehind = (): boolean => [...ledger.entries.values()].some((entry) => isStale(runner, entry, healed))
  if (batches === 'leaves-out' || bound > PATIENCE) return
  while (!runner.isOver && (isBehind() || requests.size > 0) && world.now < healed + bound)
    await runner.advance(
      Math.max(world.now, Math.min(healed + bound, world.clock.next, backend.answers.next)),
    )
  if (runner.isOver) return
  for (const entry of ledger.entries.values())
    world.check(
      !isStale(runner, entry, healed),
      'heals',
      () => `${JSON.stringify(entry.id)} is not refreshed ${bound} ms after the backend is well`,
    )
  world.check(requests.size === 0, 'S8', () => `${requests.size} refreshes never settle`)
}

/** Should have been refreshed since, and was not. */
function isStale({ cast }: Pace, entry: Entry, since: number): boolean {
  const { ledger, observers, world } = cast
  if (ledger.entries.get(entry.id) !== entry) return false
  // An adopted interval counts from a success that may be long ago, and a removal waits for all of it (W17).
  if (entry.isMarked) return !isEndless(world) && !entry.hasAdoptedInterval
  // One that was ended by a push, and goes on by a local write, still has it (S2, S9).
  if (entry.hasAdoptedInterval && !entry.isAdopted) return false
  if (entry.isUnscheduled || (entry.status !== 'active' && entry.status !== 'pending')) return false
  if (!entry.isOwned && observers.count(entry.id) === 0) return false
  // An endless interval, and no failure to retry.
  if (isEndless(world) && (entry.failureCount === 0 || isHuge(world))) return false
  return entry.refreshedAt === undefined || entry.refreshedAt < since
}

function isEndless({ script, hasLongInterval }: World): boolean {
  const { interval } = script.options
  return (
    hasLongInterval ||
    (interval === 'function'
      ? finite(script.intervals).length < script.intervals.length
      : interval > 1_000_000)
  )
}

/** F2: a failure may delay an item by its interval. */
function isHuge({ script }: World): boolean {
  const { interval } = script.options
  const all = interval === 'function' ? script.intervals : [interval]
  return all.some((one) => typeof one === 'number' && one > 1_000_000 && one < Infinity)
}

function finite(intervals: readonly (number | 'throws')[]): number[] {
  return intervals.filter((one): one is number => typeof one === 'number' && one > 0 && one < 1_000_000)
}

/** After stop, and once everybody has left, nothing is left (L3, L5, L9, O6). */
async function finish(runner: Pace): Promise<void> {
  const { world, backend, user, observers, requests, tasks } = runner.cast
  const { cache, clock, platform } = world
  const { signals } = user.life
  tasks.runAll()
  await runner.turn()
  user.leaveAll()
  await runner.act({ op: 'stop' })
  backend.answers.runAll()
  await runner.turn()
  // A timer that only waits for calls is due by their timeout.
  await runner.advance(world.now)
  await runner.act({ op: 'clear' })
  const { size, subscribers, runningCalls, waitingItems } = cache.stats()
  world.check(
    size + subscribers + runningCalls + waitingItems === 0,
    'O6',
    () => `left: ${size} items, ${subscribers} subscribers, ${runningCalls} calls, ${waitingItems} waiting`,
  )
  world.check(clock.armed === 0, 'L5', () => 'a timer is left')
  const kept = (await world.leftOver?.count()) ?? 0
  world.check(kept === 0, 'O6', () => `${kept} entries and listeners are left on the heap`)
  world.check(platform.listeners === 0, 'L3', () => `${platform.listeners} listeners on the page are left`)
  const left = signals.filter((signal) => getEventListeners(signal, 'abort').length > 0)
  world.check(left.length === 0, 'L3', () => 'a signal is still listened to')
  world.check(user.life.stops.size === 0, 'L9', () => 'a promise of stop has not settled')
  world.check(requests.size === 0, 'S8', () => `${requests.size} refreshes never settle`)
  world.check(observers.waiters.size === 0, 'O4', () => 'an until or a watch never ends')
}
