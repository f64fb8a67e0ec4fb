import { setTimeout as sleep } from 'node:timers/promises'

/** ms after which a test has waited long enough. */
const LIMIT = 30_000

/** @throws if it does not come true */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + LIMIT; performance.now() < end; await sleep(20)) {
    if (await isTrue()) return
  }
  throw new Error(`not after ${LIMIT} ms: ${isTrue.toString()}`)
}
