import { MINUTE, SECOND, seconds } from './duration.ts'
import { atMost, time, type Bound, type Scenario } from './outcome.ts'
import { FAILURE, SUCCESS } from './source.ts'
import { idsOf, World } from './world.ts'

/** Returns the s until no item has an error left after the network went away for 5 s, with calls under way. */
export async function drop(items: number): Promise<number> {
  const ids = idsOf(items)
  const interval = 30 * SECOND
  const world = new World({
    ids,
    cache: { interval, jitter: 0 },
    source: () => ({ latency: 400, ...(!world.environment.isOnline() && FAILURE) }),
  })
  // The calls of the second round are under way.
  await world.advance(interval + 600)
  world.environment.setOnline(false)
  world.failRunning(new TypeError('network changed'))
  await world.advance(5 * SECOND)
  world.environment.setOnline(true)
  const hasNoError = (id: string): boolean => world.cache.getSnapshot(id).error === undefined
  const healed = await world.until(() => ids.every(hasNoError), 5 * MINUTE)
  await world.end()
  return seconds(healed)
}

/** Returns the calls if the page is hidden and shown 20 times in 10 s while the source is down. */
export async function flips(items: number): Promise<number> {
  let isDown = false
  const world = new World({
    ids: idsOf(items),
    cache: { interval: 5 * SECOND },
    source: () => ({ latency: 20, ...(isDown ? FAILURE : SUCCESS) }),
  })
  await world.advance(MINUTE)
  isDown = true
  await world.advance(MINUTE)
  const from = world.clock.now()
  for (let flip = 0; flip < 20; flip++) {
    world.environment.setVisible(false)
    await world.advance(250)
    world.environment.setVisible(true)
    await world.advance(250)
  }
  const count = world.callsBetween(from)
  await world.end()
  return count
}

/** At most three calls per second: one less than the default `concurrency`. */
export async function flipsBound(): Promise<Bound> {
  return atMost('page hidden and shown 20 times in 10 s of an outage', 'calls', 30, await flips(400))
}

/** A network that goes and comes, a page that is hidden and shown. */
export const networkScenario: Scenario = {
  name: 'network',
  async run() {
    return {
      rows: [
        {
          scenario: 'network away for 5 s, 400 items: no error left after',
          figures: [time({ first: 32, goal: 0.8, measured: await drop(400) })],
        },
      ],
      bounds: [await flipsBound()],
    }
  },
}
