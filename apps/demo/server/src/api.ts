/**
 * What goes over the wire between the render farm and those who use it: types, and the limits that both sides keep to.
 * Times are epoch ms.
 */
import type { NodeTraffic } from './api-nodes.ts'

export { LIMITS, type Limits } from './api-limits.ts'
export type * from './api-nodes.ts'

/** A point of the complex plane. */
export interface Complex {
  readonly re: number
  readonly im: number
}

interface Frame {
  readonly center: Complex
  /** How much of the plane the picture's width shows. */
  readonly span: number
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** After how many iterations a point counts as inside the set. */
  readonly maxIterations: number
}

/** What to render. */
export type Scene =
  | ({ readonly kind: 'mandelbrot' } & Frame)
  | ({ readonly kind: 'julia'; readonly constant: Complex } & Frame)

export type SceneKind = Scene['kind']

/** queued → running → succeeded, failed or cancelled; a queued job can be cancelled, too. */
export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'

export interface Job {
  readonly id: string
  readonly state: JobState
  readonly scene: Scene
  readonly rows: { readonly done: number; readonly total: number }
  /** Why the job failed; null where it did not. */
  readonly error: string | null
  /** The path of the PNG; null until there is one. */
  readonly image: string | null
  readonly submittedAt: number
  readonly startedAt: number | null
  readonly finishedAt: number | null
}

/** A job, and how often it has changed. */
export interface VersionedJob {
  readonly job: Job
  readonly version: number
}

/** `GET /api/jobs`: every job that the farm keeps, oldest first. */
export interface JobList {
  readonly jobs: readonly VersionedJob[]
}

/** `DELETE /api/jobs`: how many jobs that cancelled. */
export interface CancelledJobs {
  readonly cancelled: number
}

/** `POST /api/jobs/status`: which jobs, and which version of each the caller has already. */
export interface StatusRequest {
  readonly jobs: readonly { readonly id: string; readonly version?: number | undefined }[]
}

export type StatusAnswer =
  | ({ readonly id: string; readonly status: 'changed' } & VersionedJob)
  | { readonly id: string; readonly status: 'unchanged'; readonly version: number }
  /** The farm does not know the id, or does not keep the job any more. */
  | { readonly id: string; readonly status: 'gone' }

/** One answer for each id asked, in the order asked. */
export interface StatusResponse {
  readonly answers: readonly StatusAnswer[]
}

/** `PUT /api/faults`: what goes wrong with status requests, and only with those. A fault left out is switched off. */
export interface Faults {
  /** ms before a request is answered. */
  readonly latency: number
  /** From 0 to 1: the share of requests answered with 503. */
  readonly errorRate: number
  /** Requests are not answered before this is switched off again. */
  readonly hang: boolean
  /** Requests are answered with 429 and this many seconds as `Retry-After`; null: they are not. */
  readonly retryAfter: number | null
  /** A request that names one of these ids is answered with 500, whatever else it asks. */
  readonly poisonedIds: readonly string[]
}

/** `GET /api/traffic`: what was asked of the farm. */
export interface Traffic {
  readonly since: number
  readonly submitted: number
  readonly cancelled: number
  readonly images: number
  /** But for those of `timers`. */
  readonly status: StatusTraffic
  /** Status requests that said `?asked-by=timer`: one timer and one request a job, the naive way. */
  readonly timers: StatusTraffic
  readonly nodes: NodeTraffic
}

export interface StatusTraffic {
  readonly requests: number
  /** The most that were being answered at a time. */
  readonly mostInFlight: number
  readonly inFlight: number
  /** Ids asked in all, and in the largest request. */
  readonly ids: number
  readonly mostIds: number
  /** Answers by kind, one an id. */
  readonly changed: number
  readonly unchanged: number
  readonly gone: number
  /** Requests by outcome. Abandoned: the caller left before the answer. */
  readonly answered: number
  readonly rateLimited: number
  readonly failed: number
  readonly abandoned: number
  /** Requests in each of the last 60 seconds, oldest first; the last is the running second. */
  readonly perSecond: readonly number[]
}

/** The body of every 4xx and 5xx. */
export interface ErrorBody {
  readonly error: string
}
