import type { MessagePort } from 'node:worker_threads'
import type { Scene } from '../api.ts'

/** What a worker is given: a scene, and the port that it reports its rows on. */
export interface RenderTask {
  readonly scene: Scene
  readonly iterationBudget: number
  readonly progress: MessagePort
}

/** What a worker posts: the rows done so far. The first one, 0, says that it has begun. */
export type RowsDone = number

/** A worker's result. Expected failures are values: errors lose their class between threads. */
export type RenderResult =
  | { readonly outcome: 'rendered'; readonly png: Uint8Array<ArrayBuffer> }
  | { readonly outcome: 'failed'; readonly reason: string }
