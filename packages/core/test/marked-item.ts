import { expect } from 'vitest'
import { isTerminal, running, world, type Job, type World } from './world.ts'

/** Returns a world with an item `a` that was synced at 0, is due at 1000, and is marked at 400. */
export async function marked(options: Parameters<typeof world<Job>>[0] = {}): Promise<World<Job>> {
  const all = world({ isTerminal, ...options })
  all.cache.start().getOrCreate('a', running(1))
  await all.clock.advance(400)
  expect(all.cache.deleteDelayed('a')).toBe(true)
  return all
}

/** Expects that `a` goes exactly `ms` from now. */
export async function expectToGoIn(ms: number, { cache, clock }: World<Job>): Promise<void> {
  await clock.advance(ms - 1)
  expect(cache.has('a')).toBe(true)
  await clock.advance(1)
  expect(cache.has('a')).toBe(false)
}
