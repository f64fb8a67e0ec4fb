import type { Scene } from '../src/api.ts'

const frame = { width: 64, height: 48, maxIterations: 100 }

/** The whole Mandelbrot set, symmetric about the real axis. */
export const WHOLE_SET: Scene = { kind: 'mandelbrot', center: { re: -0.5, im: 0 }, span: 3.5, ...frame }

/** Within the main cardioid: no point escapes. */
export const INSIDE_ONLY: Scene = { kind: 'mandelbrot', center: { re: -0.1, im: 0 }, span: 0.05, ...frame }

/** Far from the set: every point escapes at once. */
export const OUTSIDE_ONLY: Scene = { kind: 'mandelbrot', center: { re: 3.5, im: 3.5 }, span: 0.5, ...frame }

/** The Julia set of 0 is the unit disc. */
export const UNIT_DISC: Scene = {
  kind: 'julia',
  constant: { re: 0, im: 0 },
  center: { re: 0, im: 0 },
  span: 4,
  ...frame,
  width: 64,
  height: 64,
}

/** Takes a second or two: 400 million iterations. */
export const SLOW: Scene = { ...INSIDE_ONLY, width: 400, height: 250, maxIterations: 1000 }
