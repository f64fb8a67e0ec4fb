import { chance, pick } from './chance.ts'
import { MAX_DELAY, MINUTE, seconds } from './duration.ts'
import { atMost, type Bound, type Scenario } from './outcome.ts'
import { INTERVAL } from './poison.ts'
import { FAILURE, SUCCESS } from './source.ts'
import { idsOf, World } from './world.ts'

/**
 * Some ids are dead for 20 minutes; then one after the other heals, `healed` in all. Returns the longest s until such an item
 * is fresh.
 */
export async function healing(items: number, dead: number, healed: number, seed = 1): Promise<number> {
  const ids = idsOf(items)
  const bad = pick(ids, dead, chance(seed + 1000))
  let healedId: string | undefined
  let isFresh = false
  const world = new World({
    ids,
    seed,
    cache: { interval: INTERVAL },
    source: (call) => {
      if (call.ids.some((id) => bad.has(id))) return FAILURE
      isFresh ||= healedId !== undefined && call.ids.includes(healedId)
      return SUCCESS
    },
  })
  await world.advance(20 * MINUTE)
  let longest = 0
  for (const id of [...bad].slice(0, healed)) {
    bad.delete(id)
    healedId = id
    isFresh = false
    longest = Math.max(longest, await world.until(() => isFresh, 30 * MINUTE))
    // It fails again, so that as many are dead when the next one heals.
    bad.add(id)
    await world.advance(5 * MINUTE)
  }
  await world.end()
  return seconds(longest)
}

/** The worst of some seeds. Chance decides when in its pause an item heals, so few dead items need many seeds. */
export async function healingBound(
  items: number,
  dead: number,
  { healed, seeds }: { readonly healed: number; readonly seeds: number },
): Promise<Bound> {
  let longest = 0
  for (let seed = 1; seed <= seeds; seed++) {
    longest = Math.max(longest, await healing(items, dead, healed, seed))
  }
  return atMost(
    `one of ${dead} dead among ${items.toLocaleString('en')} heals: fresh after, worst of ${healed * seeds}`,
    's',
    1.25 * seconds(MAX_DELAY) + 2 * dead,
    longest,
  )
}

/** A dead item that comes back. */
export const healingScenario: Scenario = {
  name: 'healing',
  async run() {
    return {
      rows: [],
      bounds: [
        await healingBound(100, 1, { healed: 1, seeds: 30 }),
        await healingBound(100, 3, { healed: 3, seeds: 10 }),
        await healingBound(1000, 30, { healed: 10, seeds: 1 }),
        await healingBound(1000, 300, { healed: 10, seeds: 1 }),
      ],
    }
  },
}
