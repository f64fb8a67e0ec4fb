/** Schemas of the requests. A schema whose type differs from that in `api.ts` does not compile. */
import * as v from 'valibot'
import {
  LIMITS,
  type Complex,
  type Faults,
  type NodeStatusRequest,
  type Scene,
  type StatusRequest,
} from './api.ts'

type Schema<Output> = v.GenericSchema<unknown, Output>

function between(least: number, most: number): Schema<number> {
  return v.pipe(v.number(), v.minValue(least), v.maxValue(most))
}

function integerBetween(least: number, most: number): Schema<number> {
  return v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most))
}

const coordinate = between(-LIMITS.maxCoordinate, LIMITS.maxCoordinate)
const complex: Schema<Complex> = v.strictObject({ re: coordinate, im: coordinate })

const frame = {
  center: complex,
  span: between(LIMITS.minSpan, LIMITS.maxSpan),
  width: integerBetween(LIMITS.minSize, LIMITS.maxSize),
  height: integerBetween(LIMITS.minSize, LIMITS.maxSize),
  maxIterations: integerBetween(1, LIMITS.maxIterations),
}

export const sceneSchema: Schema<Scene> = v.variant('kind', [
  v.strictObject({ kind: v.literal('mandelbrot'), ...frame }),
  v.strictObject({ kind: v.literal('julia'), constant: complex, ...frame }),
])

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(100))
const idList = v.pipe(v.array(id), v.maxLength(LIMITS.idsPerStatusRequest))

export const statusRequestSchema: Schema<StatusRequest> = v.strictObject({
  jobs: v.pipe(
    v.array(v.strictObject({ id, version: v.optional(v.pipe(v.number(), v.integer())) })),
    v.maxLength(LIMITS.idsPerStatusRequest, `at most ${LIMITS.idsPerStatusRequest} ids in one request`),
  ),
})

const nodeId = v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.nodeIdLength))

export const nodeStatusRequestSchema: Schema<NodeStatusRequest> = v.strictObject({
  nodes: v.pipe(
    v.array(v.strictObject({ id: nodeId, version: v.optional(v.pipe(v.number(), v.integer())) })),
    v.maxLength(LIMITS.idsPerNodeRequest, `at most ${LIMITS.idsPerNodeRequest} ids in one request`),
  ),
})

/** ms and seconds: long enough to be seen, short enough that nobody has to restart the farm. */
const MAX_LATENCY = 60_000
const MAX_RETRY_AFTER = 3_600

export const faultsSchema: Schema<Faults> = v.strictObject({
  latency: v.optional(between(0, MAX_LATENCY), 0),
  errorRate: v.optional(between(0, 1), 0),
  hang: v.optional(v.boolean(), false),
  retryAfter: v.optional(v.nullable(integerBetween(0, MAX_RETRY_AFTER)), null),
  poisonedIds: v.optional(idList, []),
})
