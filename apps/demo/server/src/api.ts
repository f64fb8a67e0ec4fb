/**
 * Types of the API between the render farm and its callers, and the limits of both.
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
  /** Width of the part of the plane that the picture shows. */
  readonly span: number
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** Number of iterations after which a point counts as inside the set. */
  readonly maxIterations: number
}

/** The scene to render. */
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
  /** Reason of the failure, or null. */
  readonly error: string | null
  /** The path of the PNG; null until there is one. */
  readonly image: string | null
  readonly submittedAt: number
  readonly startedAt: number | null
  readonly finishedAt: number | null
}

/** A job, and the number of its changes. */
export interface VersionedJob {
  readonly job: Job
  readonly version: number
}

/** `GET /api/jobs`: all jobs that the farm keeps, oldest first. */
export interface JobList {
  readonly jobs: readonly VersionedJob[]
}

/** `DELETE /api/jobs`: the number of jobs that this cancelled. */
export interface CancelledJobs {
  readonly cancelled: number
}

/** `POST /api/jobs/status`: ids of jobs, and the version of each that the caller has. */
export interface StatusRequest {
  readonly jobs: readonly { readonly id: string; readonly version?: number | undefined }[]
}

export type StatusAnswer =
  | ({ readonly id: string; readonly status: 'changed' } & VersionedJob)
  | { readonly id: string; readonly status: 'unchanged'; readonly version: number }
  /** The farm does not know the id, or does not keep the job any more. */
  | { readonly id: string; readonly status: 'gone' }

/** One answer per id, in the order of the request. */
export interface StatusResponse {
  readonly answers: readonly StatusAnswer[]
}

/** `PUT /api/faults`: the faults of status requests. A fault that is left out is switched off. */
export interface Faults {
  /** ms before a request is answered. */
  readonly latency: number
  /** From 0 to 1: the share of requests answered with 503. */
  readonly errorRate: number
  /** True: requests are not answered until this is switched off. */
  readonly hang: boolean
  /** Seconds: requests are answered with 429 and this `Retry-After`. Null: they are not. */
  readonly retryAfter: number | null
  /** Ids: a request that names one of them is answered with 500. */
  readonly poisonedIds: readonly string[]
}

/** Everything is well. */
export const NO_FAULTS: Faults = {
  latency: 0,
  errorRate: 0,
  hang: false,
  retryAfter: null,
  poisonedIds: [],
}

/** `GET /api/traffic`: counts of the requests to the farm. */
export interface Traffic {
  readonly since: number
  readonly submitted: number
  readonly cancelled: number
  readonly images: number
  /** Status requests without those of `timers`. */
  readonly status: StatusTraffic
  /** Status requests with `?asked-by=timer`: one timer and one request per job, for comparison. */
  readonly timers: StatusTraffic
  readonly nodes: NodeTraffic
}

export interface StatusTraffic {
  readonly requests: number
  /** Largest number of requests that were being answered at the same time. */
  readonly mostInFlight: number
  readonly inFlight: number
  /** Ids in all requests, and in the largest one. */
  readonly ids: number
  readonly mostIds: number
  /** Answers by kind, one per id. */
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

/** `GET /api/hub`: how this server shares what it knows of the jobs. */
export interface HubReport {
  /** Streams that are open: one for each browser that shows the page. */
  readonly browsers: number
  /** Undefined: it is the only one. */
  readonly server?: ServerReport | undefined
}

/** One server of several. */
export interface ServerReport {
  /** From 1. */
  readonly number: number
  /** How many were started. */
  readonly of: number
  /** `leader`: it asks the farm for all. */
  readonly role: 'leader' | 'follower' | 'joining' | 'alone' | 'out'
  /** Servers that share now. */
  readonly members: number
}

/** The body of every 4xx and 5xx. */
export interface ErrorBody {
  readonly error: string
}
