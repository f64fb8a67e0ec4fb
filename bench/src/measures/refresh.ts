import type { Competitor, World } from '../world/world.ts'
import { createVirtualWorld } from '../world/world.ts'
import { jobsDone, type VirtualTime } from '../world/virtual-time.ts'
import type { Work } from '../world/work.ts'
import { spend } from '../world/cpu.ts'

/** Result of one turn of a measurement. */
export type Numbers = Readonly<Record<string, number>>

type VirtualWorld = World & { readonly time: VirtualTime }

/** Work until the code is compiled: a number of refreshes, or of CPU ms. */
const WARM_UP = { refreshes: 2_000_000, milliseconds: 1000 }
const MEASURED = { refreshes: 2_000_000, milliseconds: 500 }

/** Refreshes as many items as there are. */
export async function playRound({ time, backend, work }: VirtualWorld): Promise<void> {
  const end = backend.answered + work.items
  while (backend.answered < end) await time.next()
}

/** CPU µs per refreshed item after the warm-up. */
export async function measureRefresh(competitor: Competitor, work: Work): Promise<Numbers> {
  const world = createVirtualWorld(work, jobsDone)
  const { time, backend } = world
  const { told } = await competitor(world)
  await time.advanceTo()
  const rounds = ({ refreshes, milliseconds }: typeof MEASURED) => ({
    milliseconds,
    most: Math.ceil(refreshes / work.items),
  })
  await spend(rounds(WARM_UP), () => playRound(world))
  await time.advanceTo()
  // Garbage of the warm-up must not count.
  globalThis.gc?.()
  const before = { answered: backend.answered, changed: backend.changed, told: told() }
  const { microseconds } = await spend(rounds(MEASURED), async () => {
    await playRound(world)
    // Deferred work of the competitor belongs to the round.
    await time.advanceTo()
  })
  const changed = backend.changed - before.changed
  const heard = told() - before.told
  // Some competitors tell of every fresh answer, because they do not compare.
  const most = work.answers === 'fresh' ? Infinity : changed * 1.05
  if (work.observed && (heard < changed * 0.95 || heard > most)) {
    throw new Error(`${changed} changes were told ${heard} times`)
  }
  return { microseconds: microseconds / (backend.answered - before.answered) }
}
