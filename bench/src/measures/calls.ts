import { createVirtualWorld, type Competitor } from '../world/world.ts'
import { INTERVAL, type Work } from '../world/work.ts'
import type { Numbers } from './refresh.ts'
import { playRound } from './refresh.ts'

const ROUNDS = 3

/** Timers that are armed between two rounds, and calls of the backend per round. */
export async function measureCalls(competitor: Competitor, work: Work): Promise<Numbers> {
  const world = createVirtualWorld(work)
  const { time, backend } = world
  await competitor(world)
  await time.advanceTo()
  await playRound(world)
  await time.advanceTo(time.now() + INTERVAL / 20)
  const timers = time.armed
  const { calls, answered } = backend
  while (backend.answered < answered + ROUNDS * work.items) await time.next()
  return { timers, calls: ((backend.calls - calls) * work.items) / (backend.answered - answered) }
}
