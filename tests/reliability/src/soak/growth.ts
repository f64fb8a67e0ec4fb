/** A reading of the heap after a forced collection. */
export interface HeapSample {
  /** Seconds since the start. */
  readonly at: number
  readonly bytes: number
}

export interface Growth {
  /** The median of the samples, bytes. */
  readonly heap: number
  /** Growth of the heap over all samples, as a share of it; negative if it shrank. */
  readonly share: number
}

/**
 * Growth of the heap by the Theil–Sen estimator: the median of the slopes between any two samples, times the time
 * between the first and the last. A single odd sample hardly changes it.
 */
export function growthOf(samples: readonly HeapSample[]): Growth {
  const slopes = samples.flatMap((from, index) =>
    samples.slice(index + 1).map((to) => (to.bytes - from.bytes) / (to.at - from.at)),
  )
  const heap = median(samples.map(({ bytes }) => bytes))
  const seconds = (samples.at(-1)?.at ?? NaN) - (samples[0]?.at ?? NaN)
  return { heap, share: (median(slopes) * seconds) / heap }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low = NaN, high = NaN] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return (low + high) / 2
}
