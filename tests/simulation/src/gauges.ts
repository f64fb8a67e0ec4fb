import { show } from './show.ts'
import { type World } from './world.ts'

/** C2 */
export function checkInProcessing(world: World, id: string): void {
  const { cache, model, life, clock, violations, witness } = world
  const actual = cache.inProcessing(id)
  const entry = model.entries.get(id)
  if (world.reactions.isInValue || model.vague.has(id) || model.rules.batches !== 'default') return
  const now = clock.now()
  if (!life.isRunning || entry === undefined)
    return violations.check(!actual, 'C2', () => `${show(id)} is in processing`)
  if (witness.starting.has(id))
    return violations.check(actual, 'C2', () => `${show(id)} is about to be sent and not in processing`)
  if (model.callOf(entry)?.state === 'running')
    return violations.check(actual, 'C2', () => `${show(id)} is in a call and not in processing`)
  if (model.mayBeHeld(id) || model.callOf(entry) !== undefined || entry.isDeleting) return
  if (model.isAskedFor(entry))
    return violations.check(actual, 'C2', () => `${show(id)} is due and not in processing`)
  if (!model.isPlannable(entry) || entry.due.lo > now + 1)
    violations.check(
      !actual || model.rules.batches !== 'default',
      'C2',
      () => `${show(id)} is in processing before it is due`,
    )
  else if (entry.due.hi < now - 1)
    violations.check(actual, 'C2', () => `${show(id)} is due and not in processing`)
}

/** What `stats` counts. */
export function checkStats(world: World): void {
  const { cache, model, violations, dispatch, witness } = world
  const stats = cache.stats()
  if (model.vague.size > 0 || witness.starting.size > 0 || world.reactions.isInValue) return
  violations.check(stats.size === model.entries.size, 'stats', () => `size ${stats.size}`)
  violations.check(
    witness.isCountVague || stats.syncCalls === dispatch.started,
    'stats',
    () => `${stats.syncCalls} calls told, ${dispatch.started} made`,
  )
}
