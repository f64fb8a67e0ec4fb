import { adopt } from './adopt.ts'
import { type Cast } from './cast.ts'
import { checkObservers } from './check-observers.ts'
import { checkProgress } from './check-progress.ts'
import { checkPromises } from './check-promises.ts'
import { checkSnapshots, type SeenSnapshots } from './check-snapshots.ts'

/** After everything that could go on has gone on: the cache is where the model is, in all that can be seen. */
export function endTurn(cast: Cast, seen: SeenSnapshots): void {
  const { world } = cast
  const { model, life, settlement, violations, witness, reactions } = world
  world.catchUp()
  if (life.isLeft) {
    violations.add('L8', 'the last holder has left, and the cache runs')
    life.stop()
  }
  violations.check(
    world.cache.isRunning === life.isRunning,
    'L1',
    () => `isRunning is ${world.cache.isRunning}, and should not be`,
  )
  for (const call of model.calls) {
    if (call.state === 'settling') settlement.finish(call)
    if (call.state === 'aborted' && !model.occupies(call)) {
      model.calls.delete(call)
      // What it held is due from now on.
      for (const id of call.sent.keys()) {
        const entry = model.entries.get(id)
        if (entry === undefined) continue
        entry.due = { lo: entry.due.lo, hi: Math.max(entry.due.hi, world.clock.now()) }
        entry.plannedAt = world.clock.now()
      }
    }
  }
  world.catchUp()
  model.evaluations.endTurn((entry) => model.entries.get(entry.id) === entry)
  for (const id of model.vague) adopt(world, id)
  world.outage.endTurn()
  checkSnapshots(world, seen)
  witness.endTurn()
  checkObservers(cast)
  checkPromises(cast)
  checkProgress(cast)
  model.journal.clear()
  for (const entry of model.entries.values())
    if (entry.unobservedSince === undefined) entry.unobservedMaybeSince = undefined
  model.audience.endTurn()
  model.vague.clear()
  model.ended.clear()
  reactions.endTurn()
}
