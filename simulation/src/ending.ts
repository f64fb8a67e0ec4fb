import { show } from './user.ts'
import { type Runner } from './run.ts'
import { type World } from './world.ts'

/** The backend is well (but for one id, perhaps), nobody disturbs: all recovers. Then everything ends, and nothing is left. */
export async function end(runner: Runner): Promise<void> {
  await recover(runner)
  if (!runner.isOver) await finish(runner)
}

async function recover(runner: Runner): Promise<void> {
  const { world } = runner
  const { backend, user, script, clock } = world
  world.reactions.isSilent = true
  backend.mood = script.ending
  backend.answerAll()
  await runner.turn()
  user.perform({ op: 'page', visible: true, online: true })
  user.perform({ op: 'start' })
  await runner.turn()
  const healed = clock.now()
  const bound = healed + recoveryTime(world)
  while (!runner.isOver && clock.now() < bound && staleItem(world, healed) !== undefined)
    await runner.advance(Math.min(bound, Math.max(clock.now(), Math.min(clock.next, backend.next))))
  const stale = staleItem(world, healed)
  if (!runner.isOver && stale !== undefined)
    world.violations.add(
      'F6',
      `${show(stale)} is not refreshed ${bound - healed} ms after the backend is well`,
    )
}

/** An item that should be refreshed and was not since. */
function staleItem({ model, script }: World, since: number): string | undefined {
  // What the application leaves out again and again is its own affair.
  if (model.rules.batches === 'leaves-out') return undefined
  const { ending } = script
  for (const entry of model.entries.values()) {
    if (!model.isPlannable(entry) || entry.due.hi > since + 3_600_000) continue
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
    if (Number.isFinite(entry.due.hi) && entry.due.hi <= now + 3_600_000)
      wait = Math.max(wait, entry.due.hi - now)
    if (Number.isFinite(entry.interval ?? 1)) interval = Math.max(interval, entry.interval ?? rules.maxDelay)
  }
  const count = model.entries.size + 1
  const token = rules.rateLimit === undefined ? 0 : rules.rateLimit.per / rules.rateLimit.calls
  const round = interval * (1 + rules.jitter.most) + count * (2 + token)
  const poisoned = script.ending.kind === 'poison' ? 12 * (round + Math.max(rules.maxDelay, interval)) : 0
  return wait + 4 * round + Math.max(rules.maxDelay, interval) + poisoned + 10
}

/** After stop, and when all has gone, nothing is left (L3, L5, O6). */
async function finish(runner: Runner): Promise<void> {
  const { world } = runner
  const { cache, user, violations, clock, page } = world
  user.leaveAll()
  user.stop()
  await runner.turn()
  world.backend.answerAll()
  await runner.turn()
  for (const id of [...cache.ids()]) user.perform({ op: 'delete', id })
  await runner.turn()
  const { size, subscribers, runningCalls, waitingItems } = cache.stats()
  violations.always(
    size + subscribers + runningCalls + waitingItems === 0,
    'O6',
    () => `left: ${size} items, ${subscribers} subscribers, ${runningCalls} calls, ${waitingItems} waiting`,
  )
  violations.always(clock.armed === 0, 'L5', () => 'a timer is left')
  violations.always(page.listeners === 0, 'L3', () => 'the page is listened to')
  violations.check(user.stops.size === 0, 'L3', () => 'a promise of stop has not settled')
}
