import { setTimeout as sleep } from 'node:timers/promises'

/** Lets real time pass, in milliseconds: only for tests about a delay, or about nothing happening during it. */
export async function realTime(ms: number): Promise<void> {
  await sleep(ms)
}
