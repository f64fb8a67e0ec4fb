/**
 * Large enough that the fraction by which a point overshoots is smooth; a circle of radius 2 would be enough to decide
 * whether it escapes.
 */
const ESCAPE_RADIUS_SQUARED = 256

/** End of a point's orbit. One object is reused for all points, because this runs a million times per picture. */
export interface Orbit {
  /** Iterations made. */
  iterations: number
  /** |z|² at the end. */
  magnitudeSquared: number
}

/** Iterates z → z² + c from z until it escapes, at most `maxIterations` times. */
export function iterate(
  orbit: Orbit,
  zRe: number,
  zIm: number,
  cRe: number,
  cIm: number,
  maxIterations: number,
): void {
  let re = zRe
  let im = zIm
  let reSquared = re * re
  let imSquared = im * im
  let iterations = 0
  while (iterations < maxIterations && reSquared + imSquared <= ESCAPE_RADIUS_SQUARED) {
    im = 2 * re * im + cIm
    re = reSquared - imSquared + cRe
    reSquared = re * re
    imSquared = im * im
    iterations++
  }
  orbit.iterations = iterations
  orbit.magnitudeSquared = reSquared + imSquared
}

/** The escape time without steps; Infinity for a point that did not escape. */
export function smoothEscapeTime(orbit: Orbit): number {
  if (orbit.magnitudeSquared <= ESCAPE_RADIUS_SQUARED) return Infinity
  return orbit.iterations + 1 - Math.log2(Math.log(orbit.magnitudeSquared) / Math.log(ESCAPE_RADIUS_SQUARED))
}
