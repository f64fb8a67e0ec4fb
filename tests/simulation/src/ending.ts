import { show } from './show.ts'
import { type Pace } from './pace.ts'
import { type World } from './world.ts'

/** The backend is well (but for one id, perhaps), nobody disturbs: all recovers. Then everything ends, and nothing is left. */
export async function end(pace: Pace): Promise<void> {
  await recover(pace)
  if (!pace.isOver) await finish(pace)
}

async function recover(pace: Pace): Promise<void> {
  const { world, backend, user } = pace.cast
  const { script, clock } = world
  world.reactions.isSilent = true
  backend.mood = script.ending
  backend.answerAll()
  await pace.turn()
  user.perform({ op: 'page', visible: true, online: true })
  user.perform({ op: 'start' })
  await pace.turn()
  const healed = clock.now()
  const bound = healed + recoveryTime(world)
  while (!pace.isOver && clock.now() < bound && staleItem(world, healed) !== undefined)
    await pace.advance(Math.min(bound, Math.max(clock.now(), Math.min(clock.next, backend.next))))
  const stale = staleItem(world, healed)
  if (!pace.isOver && stale !== undefined)
    world.violations.add(
      'F6',
      `${show(stale)} is not refreshed ${bound - healed} ms after the backend is well`,
    )
}

/** ms; what is planned for later than this is not waited for. */
const PATIENCE = 3_600_000

/** An item that should be refreshed and was not since. */
function staleItem({ model, script }: World, since: number): string | undefined {
  // What the application leaves out again and again is its own affair.
  if (model.rules.batches === 'leaves-out') return undefined
  const { ending } = script
  for (const entry of model.entries.values()) {
    if (!model.isPlannable(entry) || entry.due.hi > since + PATIENCE) continue
    if (ending.kind === 'poison' && ending.id === entry.id) continue
    if (entry.refreshedMono === undefined || entry.refreshedMono < since) return entry.id
  }
  return undefined
}

/** How long it may take until each item was refreshed once. */
function recoveryTime({ model, outage, clock, script }: World): number {
  const { rules } = model
  const now = clock.now()
  let wait = Math.max(0, outage.noLater - now)
  let interval = 1
  for (const entry of model.entries.values()) {
    if (Number.isFinite(entry.due.hi) && entry.due.hi <= now + PATIENCE)
      wait = Math.max(wait, entry.due.hi - now)
    if (Number.isFinite(entry.interval ?? 1)) interval = Math.max(interval, entry.interval ?? rules.maxDelay)
  }
  // A function may give any of its intervals at the next settlement.
  if (rules.interval === 'function')
    for (const one of script.intervals)
      if (typeof one === 'number' && one <= PATIENCE) interval = Math.max(interval, one)
  const count = model.entries.size + 1
  const token = rules.rateLimit === undefined ? 0 : rules.rateLimit.per / rules.rateLimit.calls
  const round = interval * (1 + rules.jitter.most) + count * (2 + token)
  const poisoned = script.ending.kind === 'poison' ? 12 * (round + Math.max(rules.maxDelay, interval)) : 0
  return wait + 4 * round + Math.max(rules.maxDelay, interval) + poisoned + 10
}

/** After stop, and when all has gone, nothing is left (L3, L5, O6). */
async function finish(pace: Pace): Promise<void> {
  const { world, backend, user, observers } = pace.cast
  const { cache, violations, clock, page } = world
  observers.leaveAll()
  user.leaveAll()
  user.perform({ op: 'stop' })
  await pace.turn()
  backend.answerAll()
  await pace.turn()
  for (const id of [...cache.ids()]) user.perform({ op: 'delete', id })
  await pace.turn()
  const { size, subscribers, runningCalls, waitingItems } = cache.stats()
  violations.always(
    size + subscribers + runningCalls + waitingItems === 0,
    'O6',
    () => `left: ${size} items, ${subscribers} subscribers, ${runningCalls} calls, ${waitingItems} waiting`,
  )
  violations.always(clock.armed === 0, 'L5', () => 'a timer is left')
  violations.always(page.listeners === 0, 'L3', () => 'the page is listened to')
  violations.check(user.starts.stops.size === 0, 'L3', () => 'a promise of stop has not settled')
}
