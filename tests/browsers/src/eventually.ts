import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds between two attempts. */
const POLL_INTERVAL = 20

export interface Condition {
  /** The deadline, in milliseconds. */
  readonly within: number
  /** Names the awaited condition in the error. */
  readonly awaited: string
}

/**
 * Calls `attempt` until it returns a result other than `undefined`, and returns that result.
 *
 * @throws Error if there is no result before the deadline.
 */
export async function eventually<Result>(
  attempt: () => Promise<Result | undefined> | Result | undefined,
  { within, awaited }: Condition,
): Promise<Result> {
  const deadline = performance.now() + within
  for (;;) {
    const result = await attempt()
    if (result !== undefined) return result
    if (performance.now() > deadline) throw new Error(`Waited ${within} ms for ${awaited}`)
    await sleep(POLL_INTERVAL)
  }
}
