import { createVirtualWorld, type Competitor } from '../world/world.ts'
import { spend } from '../world/cpu.ts'
import type { Work } from '../world/work.ts'
import { playRound, type Numbers } from './refresh.ts'

const WARM_UP = { milliseconds: 400, most: 40 }
/** Number of rounds, and the smaller number for many items. */
const ROUNDS = 5
const ROUNDS_OF_MANY = 2
const MANY = 50_000

/** Measures the longest block of the event loop by a task that queues itself again and again. */
class LongestBlock {
  #longest = 0
  #last = performance.now()
  #isWatching = true

  constructor() {
    const beat = (): void => {
      const now = performance.now()
      this.#longest = Math.max(this.#longest, now - this.#last)
      this.#last = now
      if (this.#isWatching) setImmediate(beat)
    }
    beat()
  }

  /** ms */
  end(): number {
    this.#isWatching = false
    return Math.max(this.#longest, performance.now() - this.#last)
  }
}

/** Wall ms of the longest block in a round in which all items fall due at once: the median of the rounds, and the worst. */
export async function measureBlock(competitor: Competitor, work: Work): Promise<Numbers> {
  const rounds = work.items < MANY ? ROUNDS : ROUNDS_OF_MANY
  const world = createVirtualWorld(work)
  await competitor(world)
  await world.time.advanceTo()
  await spend(WARM_UP, () => playRound(world))
  const blocks: number[] = []
  for (let round = 0; round < rounds; round++) {
    await world.time.settle()
    const block = new LongestBlock()
    await playRound(world)
    await world.time.advanceTo()
    blocks.push(block.end())
  }
  blocks.sort((a, b) => a - b)
  return { milliseconds: blocks[blocks.length >> 1] ?? NaN, longest: blocks.at(-1) ?? NaN }
}
