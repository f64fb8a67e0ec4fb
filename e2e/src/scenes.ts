import type { Scene } from '@auto-refresh/demo-server/api'

/** Takes seconds to render, because no point escapes. Of a hundred of these nearly all stay queued during a test. */
export const LONG_RENDER: Scene = {
  kind: 'mandelbrot',
  center: { re: 0, im: 0 },
  span: 0.1,
  width: 1024,
  height: 1024,
  maxIterations: 300,
}

/** Takes no time to render. */
export const SHORT_RENDER: Scene = {
  kind: 'mandelbrot',
  center: { re: -0.5, im: 0 },
  span: 3,
  width: 64,
  height: 64,
  maxIterations: 100,
}

/** A picture that is soon rendered. */
export const PICTURE: Scene = {
  kind: 'mandelbrot',
  center: { re: -0.743, im: 0.13 },
  span: 0.02,
  width: 240,
  height: 160,
  maxIterations: 300,
}
