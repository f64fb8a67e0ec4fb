import { setTimeout as sleep } from 'node:timers/promises'

const POLL_INTERVAL = 20

/** Tries until there is a result. Throws when the deadline (ms) has passed. */
export async function eventually<Result>(
  attempt: () => Promise<Result | undefined> | Result | undefined,
  { within, awaited }: { readonly within: number; readonly awaited: string },
): Promise<Result> {
  const deadline = Date.now() + within
  for (;;) {
    const result = await attempt()
    if (result !== undefined) return result
    if (Date.now() > deadline) throw new Error(`Waited ${within} ms for ${awaited}`)
    await sleep(POLL_INTERVAL)
  }
}

/** Lets real time pass: only where that nothing happens in it, or a delay itself, is what is tested. */
export async function realTime(ms: number): Promise<void> {
  await sleep(ms)
}
