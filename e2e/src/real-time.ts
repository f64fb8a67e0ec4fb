import { setTimeout as sleep } from 'node:timers/promises'

/** Waits in real time (ms): only for tests about a delay, or about nothing happening during it. */
export async function realTime(ms: number): Promise<void> {
  await sleep(ms)
}
