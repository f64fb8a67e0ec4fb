import { VirtualClock } from '@auto-refresh/core/testing'
import { SECOND } from './duration.ts'
import type { Scenario } from './outcome.ts'
import { FreezingClock } from './freezing-clock.ts'
import { idsOf, World } from './world.ts'

/** Returns the items that have failed after the process froze for 4 s, longer than a call may take, with calls under way. */
export async function freeze(): Promise<number> {
  const ids = idsOf(20)
  const clock = new VirtualClock()
  const timers = new FreezingClock(clock)
  const network = new FreezingClock(clock)
  const world = new World({
    ids,
    clock,
    timers,
    network,
    cache: { interval: 5 * SECOND, timeout: 3 * SECOND, jitter: 0 },
    source: () => ({ latency: 500 }),
  })
  // The calls of the second round are under way.
  await world.advance(5600)
  timers.freeze()
  network.freeze()
  await world.advance(4 * SECOND)
  // An event loop runs the timers before it reads from the network.
  await timers.thaw()
  await network.thaw()
  await world.advance(100)
  const failed = ids.filter((id) => world.cache.getSnapshot(id).failureCount > 0).length
  await world.end()
  return failed
}

/** A laptop that sleeps, a tab that the browser freezes, a debugger that stops the process. */
export const freezeScenario: Scenario = {
  name: 'freeze',
  async run() {
    return {
      rows: [
        {
          scenario: 'process frozen for 4 s: failed items',
          figures: [{ unit: 'items', better: 'less', first: 20, goal: 0, measured: await freeze() }],
        },
      ],
      bounds: [],
    }
  },
}
