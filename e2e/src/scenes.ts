import type { Scene } from '@auto-refresh/demo-server/api'

/** Renders for seconds: no point escapes. Of a hundred of these nearly all are queued for as long as a test takes. */
export const LONG_RENDER: Scene = {
  kind: 'mandelbrot',
  center: { re: 0, im: 0 },
  span: 0.1,
  width: 1024,
  height: 1024,
  maxIterations: 300,
}

/** Rendered in no time. */
export const SHORT_RENDER: Scene = {
  kind: 'mandelbrot',
  center: { re: -0.5, im: 0 },
  span: 3,
  width: 64,
  height: 64,
  maxIterations: 100,
}

/** A picture to look at, soon rendered. */
export const PICTURE: Scene = {
  kind: 'mandelbrot',
  center: { re: -0.743, im: 0.13 },
  span: 0.02,
  width: 240,
  height: 160,
  maxIterations: 300,
}
