import { medianPoison } from './poison.ts'

/** The worst age of the healthy ones of 1,000 items beside some poisonous ids, s. */
export interface PoisonPoint {
  readonly poisonous: number
  /** The first edition's. */
  readonly first: number
  readonly now: number
}

/** s that are simulated: an item of this age was never refreshed. */
export const NEVER = 600

/** The first edition's worst ages (s), measured by this scenario: the median of five seeds. */
const FIRST_EDITION: readonly (readonly [poisonous: number, worstAge: number])[] = [
  [1, 43],
  [3, 43],
  [10, 70],
  [30, NEVER],
  [100, NEVER],
  [300, NEVER],
]

/** Measures the curve of the picture. */
export async function measurePoisonCurve(): Promise<PoisonPoint[]> {
  const points: PoisonPoint[] = []
  for (const [poisonous, first] of FIRST_EDITION) {
    const { worstAge } = await medianPoison({ items: 1000, poisonous, duration: NEVER * 1000 })
    points.push({ poisonous, first, now: worstAge })
  }
  return points
}
