/** Red, green and blue, one colour after the other. */
export type Palette = Uint8Array

/** The colour of points that never escape. */
export const INSIDE: readonly [number, number, number] = [10, 12, 28]

const STOPS: readonly (readonly [number, number, number])[] = [
  [14, 24, 72],
  [32, 96, 176],
  [110, 196, 220],
  [246, 250, 226],
  [250, 190, 70],
  [196, 78, 52],
  [86, 24, 80],
]

/** A palette of `length` colours that runs through the stops and back to the first, so that it can be repeated. */
export function makePalette(length: number): Palette {
  const palette = new Uint8Array(length * 3)
  for (let index = 0; index < length; index++) {
    const position = (index / length) * STOPS.length
    const from = STOPS[Math.floor(position)] ?? INSIDE
    const to = STOPS[(Math.floor(position) + 1) % STOPS.length] ?? INSIDE
    const share = position - Math.floor(position)
    // Eased, because the stops would otherwise show as edges.
    const eased = share * share * (3 - 2 * share)
    for (const channel of [0, 1, 2] as const) {
      palette[index * 3 + channel] = Math.round(from[channel] + (to[channel] - from[channel]) * eased)
    }
  }
  return palette
}
