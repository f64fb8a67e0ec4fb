import type { Scene } from '@auto-refresh/demo-server/api'

/** Takes seconds to render, because of its many rows. Of a hundred of these nearly all stay queued during a test. */
export const LONG_RENDER: Scene = {
  kind: 'mandelbrot',
  center: { re: 0, im: 0 },
  span: 0.1,
  width: 1024,
  height: 1024,
  maxIterations: 1,
}

/** Takes no time to render. */
export const SHORT_RENDER: Scene = {
  kind: 'mandelbrot',
  center: { re: -0.5, im: 0 },
  span: 3,
  width: 24,
  height: 16,
  maxIterations: 100,
}

/** A picture that is soon rendered. */
export const PICTURE: Scene = {
  kind: 'mandelbrot',
  center: { re: -0.743, im: 0.13 },
  span: 0.02,
  width: 96,
  height: 64,
  maxIterations: 300,
}
