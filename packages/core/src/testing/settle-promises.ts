/** Where there is no `MessageChannel`: how many promise jobs in a chain are let run. */
const JOBS = 200

/**
 * Lets every promise that can settle do so. A message is a task of its own, so all promise jobs run before it arrives;
 * and no test runner's fake timers replace it. There and back, for Deno delivers a message within a promise job where it
 * was sent before the port began to listen; the answer finds a port that listens.
 */
export async function settlePromises(): Promise<void> {
  if (typeof MessageChannel === 'undefined') {
    for (let job = 0; job < JOBS; job++) await Promise.resolve()
    return
  }
  const { port1, port2 } = new MessageChannel()
  await new Promise<void>((resolve) => {
    port1.onmessage = () => resolve()
    port2.onmessage = () => port2.postMessage(undefined)
    port1.postMessage(undefined)
  })
  port1.close()
}
