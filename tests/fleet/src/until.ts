import { setTimeout as sleep } from 'node:timers/promises'

/** ms after which a test gives up. */
const LIMIT = 30_000

/** @throws if the condition does not become true in time */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + LIMIT; performance.now() < end; await sleep(20)) {
    if (await isTrue()) return
  }
  throw new Error(`not after ${LIMIT} ms: ${isTrue.toString()}`)
}
