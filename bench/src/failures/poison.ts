import { chance, pick } from './chance.ts'
import { MINUTE, SECOND, seconds } from './duration.ts'
import { median, SEEDS } from './seeds.ts'
import { FAILURE, SUCCESS } from './source.ts'
import { idsOf, shareOfIdeal, World } from './world.ts'

/** ms */
export const INTERVAL = 5 * SECOND

export interface PoisonOptions {
  readonly items: number
  /** Number of ids that make every call fail that contains them. */
  readonly poisonous: number
  /** Default 100. */
  readonly batchSize?: number
  /** Default 1. */
  readonly seed?: number
  /** ms before the measurement begins. Default 0. */
  readonly warmUp?: number
  /** ms that are measured. Default 10 minutes. */
  readonly duration?: number
}

export interface PoisonResult {
  /** Refreshes of the healthy items, % of ideal. */
  readonly share: number
  /** s, of the healthy items. */
  readonly worstAge: number
  /** The end of the last failed call that contained a healthy item, s from the start. */
  readonly isolatedAfter: number
}

/** Some ids make every call fail that contains them. */
export async function poison({
  items,
  poisonous,
  batchSize = 100,
  seed = 1,
  warmUp = 0,
  duration = 10 * MINUTE,
}: PoisonOptions): Promise<PoisonResult> {
  const ids = idsOf(items)
  const bad = pick(ids, poisonous, chance(seed + 1000))
  const world = new World({
    ids,
    watched: ids.filter((id) => !bad.has(id)),
    cache: { interval: INTERVAL, batchSize },
    seed,
    source: (call) => (call.ids.some((id) => bad.has(id)) ? FAILURE : SUCCESS),
  })
  await world.advance(warmUp)
  world.freshness.restart(world.clock.now())
  await world.advance(duration)
  const result = {
    share: shareOfIdeal(world, INTERVAL, duration),
    worstAge: seconds(world.freshness.worstAge(world.clock.now())),
    isolatedAfter: seconds(
      Math.max(
        0,
        ...world.calls
          .filter((call) => call.ids.some((id) => !bad.has(id)))
          .map(({ failedAt = 0 }) => failedAt),
      ),
    ),
  }
  await world.end()
  return result
}

/** Returns the medians over the seeds. */
export async function medianPoison(options: Omit<PoisonOptions, 'seed'>): Promise<PoisonResult> {
  const results: PoisonResult[] = []
  for (const seed of SEEDS) results.push(await poison({ ...options, seed }))
  return {
    share: median(results.map(({ share }) => share)),
    worstAge: median(results.map(({ worstAge }) => worstAge)),
    isolatedAfter: median(results.map(({ isolatedAfter }) => isolatedAfter)),
  }
}
