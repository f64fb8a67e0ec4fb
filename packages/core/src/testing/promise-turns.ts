/** A message that comes before this many promise jobs in a chain are done is no task of its own. */
const FEW_JOBS = 10

/** Where a message is no task, or there are none: how many promise jobs in a chain are let run. */
const MANY_JOBS = 1000

/**
 * Lets every promise that can settle do so, again and again. In most runtimes a message is a task of its own, so all
 * promise jobs run before it arrives; and no test runner's fake timers replace it. Deno and Cloudflare's Workers deliver
 * it among them, and Deno's ports reject now and then when they are closed, so none is opened there. One channel serves all
 * turns: each one that is made slows WebKit down.
 */
export class PromiseTurns {
  readonly #channel = openChannel()

  async settle(): Promise<void> {
    let isTask = false
    if (this.#channel !== undefined) {
      void runPromiseJobs(FEW_JOBS).then(() => (isTask = true))
      await message(this.#channel)
    }
    if (!isTask) await runPromiseJobs(MANY_JOBS)
  }

  /** An open channel would keep a process alive. */
  close(): void {
    this.#channel?.port1.close()
    this.#channel?.port2.close()
  }
}

/** Tests the value that it calls: WebKit's compiler once took the type of an older value, and called the newer one. */
function openChannel(): MessageChannel | undefined {
  const Channel = typeof MessageChannel === 'undefined' ? undefined : MessageChannel
  return Channel === undefined || 'Deno' in globalThis ? undefined : new Channel()
}

function message({ port1, port2 }: MessageChannel): Promise<void> {
  return new Promise((resolve) => {
    port1.onmessage = () => resolve()
    port2.postMessage(undefined)
  })
}

async function runPromiseJobs(count: number): Promise<void> {
  for (let job = 0; job < count; job++) await Promise.resolve()
}
