import type { Job } from '@auto-refresh/demo-server/api'

/** A job of the farm, as it is while it is rendered. */
export function makeJob(changes: Partial<Job> = {}): Job {
  return {
    id: 'a',
    state: 'running',
    scene: {
      kind: 'mandelbrot',
      center: { re: 0, im: 0 },
      span: 4,
      width: 60,
      height: 40,
      maxIterations: 10,
    },
    rows: { done: 10, total: 40 },
    error: null,
    image: null,
    submittedAt: 1000,
    startedAt: 2000,
    finishedAt: null,
    ...changes,
  }
}
