import { createWorld, type Competitor } from '../world/world.ts'
import type { Work } from '../world/work.ts'
import type { Numbers } from './refresh.ts'

/**
 * Bytes of heap per item after its first refresh, on the runtime's own timers. Ids and jobs exist before and do not count; listeners
 * of subscribers do.
 */
export async function measureHeap(competitor: Competitor, work: Work): Promise<Numbers> {
  // A first run loads and compiles the code, which must not count.
  const first = await competitor(createWorld(work))
  const world = createWorld(work)
  await collect()
  const before = process.memoryUsage().heapUsed
  const polling = await competitor(world)
  await collect()
  const after = process.memoryUsage().heapUsed
  if (work.observed && polling.told() + first.told() < 0) throw new Error('nobody keeps them')
  return { bytes: (after - before) / work.items }
}

/** Lets pending work end, and collects all garbage. */
async function collect(): Promise<void> {
  const { gc } = globalThis
  if (gc === undefined) throw new Error('to be run with --expose-gc')
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    gc()
  }
}
