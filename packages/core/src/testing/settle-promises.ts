/** Where a message is no task of its own, or there are none: how many promise jobs in a chain are let run. */
const JOBS = 200

/**
 * Lets every promise that can settle do so. In most runtimes a message is a task of its own, so all promise jobs run
 * before it arrives; and no test runner's fake timers replace it.
 */
export async function settlePromises(): Promise<void> {
  if (typeof MessageChannel !== 'undefined') await thereAndBack()
  // Cloudflare's Workers deliver every message within a promise job.
  for (let job = 0; job < JOBS; job++) await Promise.resolve()
}

/** Deno delivers a message within a promise job if the port did not listen when it was sent. For an answer it does. */
async function thereAndBack(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  await new Promise<void>((resolve) => {
    port1.onmessage = () => resolve()
    port2.onmessage = () => port2.postMessage(undefined)
    port1.postMessage(undefined)
  })
  port1.close()
}
