import type { SyncResponse } from '@auto-refresh/core'
import { isTerminal, running, world, type Job, type World } from './world.ts'

/** Returns a world at 400 ms with an item `a` of step 1, whose first call has run since 0. */
export async function inCall(options: Parameters<typeof world<Job>>[0] = {}): Promise<World<Job>> {
  const all = world({ isTerminal, answer: () => 'wait', ...options })
  all.cache.start().getOrCreate('a', running(1))
  await all.clock.advance(400)
  return all
}

/** Answers the call. */
export async function settle(
  { clock, lastCall }: World<Job>,
  ...responses: SyncResponse<Job>[]
): Promise<void> {
  lastCall().answer(responses)
  await clock.advance(0)
}

/** The value of the source. */
export const remote: SyncResponse<Job> = { id: 'a', item: running(9), validator: 'v9' }
