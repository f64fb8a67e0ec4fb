import { setTimeout as sleep } from 'node:timers/promises'

const POLL_INTERVAL = 10

/** Looks again and again until there is a result. Throws when the deadline (ms) has passed. */
export async function eventually<Result>(
  look: () => Promise<Result | undefined> | Result | undefined,
  { within, awaited }: { readonly within: number; readonly awaited: string },
): Promise<Result> {
  const deadline = performance.now() + within
  for (;;) {
    const result = await look()
    if (result !== undefined) return result
    if (performance.now() > deadline) throw new Error(`Waited ${within} ms for ${awaited}`)
    await sleep(POLL_INTERVAL)
  }
}
