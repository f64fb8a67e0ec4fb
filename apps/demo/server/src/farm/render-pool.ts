import { MessageChannel } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { Scene } from '../api.ts'
import type { RenderResult, RenderTask, RowsDone } from './render-task.ts'
import { Turns } from './turns.ts'

export interface RenderPoolOptions {
  /** The compiled worker: worker threads of Node 20 do not run TypeScript. */
  readonly workerUrl: URL
  readonly workers: number
  readonly iterationBudget: number
  /** ms that a row takes at least: a thread rests for what is left of it, and leaves the processor to others. Default 0. */
  readonly rowTime?: number
}

export interface RenderRun {
  /** On abort, a waiting scene is not begun, the thread of a running one is ended, and the run rejects. */
  readonly signal: AbortSignal
  readonly onRows: (rowsDone: RowsDone) => void
}

/** Worker threads that render scenes, first come first served. */
export class RenderPool {
  readonly #iterationBudget: number
  readonly #rowTime: number
  readonly #threads: Piscina<RenderTask, RenderResult>
  readonly #turns: Turns

  constructor({ workerUrl, workers, iterationBudget, rowTime = 0 }: RenderPoolOptions) {
    this.#iterationBudget = iterationBudget
    this.#rowTime = rowTime
    this.#threads = new Piscina<RenderTask, RenderResult>({
      filename: workerUrl.href,
      minThreads: workers,
      maxThreads: workers,
      // Rendering has a lower priority than answering status requests. Windows counts priorities differently.
      niceIncrement: process.platform === 'win32' ? 0 : 5,
    })
    this.#turns = new Turns(workers)
  }

  async render(scene: Scene, { signal, onRows }: RenderRun): Promise<RenderResult> {
    await this.#turns.take(signal)
    const { port1: ours, port2: theirs } = new MessageChannel()
    ours.on('message', onRows)
    const task = {
      scene,
      iterationBudget: this.#iterationBudget,
      rowTime: this.#rowTime,
      progress: theirs,
    }
    try {
      return await this.#threads.run(task, { signal, transferList: [theirs] })
    } finally {
      ours.close()
      this.#turns.giveBack()
    }
  }

  async close(): Promise<void> {
    await this.#threads.destroy()
  }
}
