/** Limits of the requests and of the memory of the farm. */
export interface Limits {
  readonly minSize: number
  readonly maxSize: number
  readonly maxIterations: number
  readonly minSpan: number
  readonly maxSpan: number
  /** Largest distance of a centre or a Julia constant from 0 on each axis. */
  readonly maxCoordinate: number
  /** Iterations of one job after which it fails. */
  readonly iterationBudget: number
  readonly idsPerStatusRequest: number
  /** Jobs kept. A new job replaces the oldest finished one. */
  readonly jobs: number
  /** Render nodes of the fleet. */
  readonly nodes: number
  readonly idsPerNodeRequest: number
  /** Characters. */
  readonly nodeIdLength: number
}

export const LIMITS: Limits = {
  minSize: 16,
  maxSize: 1024,
  maxIterations: 20_000,
  minSpan: 1e-12,
  maxSpan: 8,
  maxCoordinate: 4,
  iterationBudget: 1_500_000_000,
  idsPerStatusRequest: 200,
  jobs: 500,
  nodes: 10_000,
  idsPerNodeRequest: 1000,
  nodeIdLength: 20,
}
