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
