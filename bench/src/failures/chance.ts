/** Returns a generator of numbers from 0 up to 1 that repeats itself for the same seed (mulberry32). */
export function chance(seed: number): () => number {
  let state = Math.imul(seed, 0x9e37_79b1)
  return () => {
    state = (state + 0x6d2b_79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Returns `count` of the ids, picked at random. */
export function pick(ids: readonly string[], count: number, random: () => number): Set<string> {
  const left = [...ids]
  const picked = new Set<string>()
  while (picked.size < count && left.length > 0) {
    const [id] = left.splice(Math.floor(random() * left.length), 1)
    if (id !== undefined) picked.add(id)
  }
  return picked
}
