import type { MessagePort } from 'node:worker_threads'
import type { Scene } from '../api.ts'

/** Input of a worker: a scene, and the port for its progress. */
export interface RenderTask {
  readonly scene: Scene
  readonly iterationBudget: number
  /** ms that a row takes at least. */
  readonly rowTime: number
  readonly progress: MessagePort
}

/** Message of a worker: the rows done so far. The first one, 0, says that the rendering has begun. */
export type RowsDone = number

/** A worker's result. Expected failures are values: errors lose their class between threads. */
export type RenderResult =
  | { readonly outcome: 'rendered'; readonly png: Uint8Array<ArrayBuffer> }
  | { readonly outcome: 'failed'; readonly reason: string }
