import type { Clock } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { describe, expect, it } from 'vitest'
import { running, world } from './world.ts'

/** A virtual clock whose timers' handles are what `handle` makes. */
function clockOf(handle: () => unknown): Clock {
  const clock = new VirtualClock()
  return {
    now: () => clock.now(),
    epoch: () => clock.epoch(),
    setTimeout(callback, delay) {
      clock.setTimeout(callback, delay)
      return handle()
    },
    clearTimeout: () => undefined,
  }
}

async function armTimer(keepAlive: boolean | undefined, handle: unknown): Promise<void> {
  const { cache } = world({ keepAlive, clock: clockOf(() => handle), syncOnCreate: false })
  cache.start().getOrCreate('a', running())
  await Promise.resolve()
}

describe('the one timer', () => {
  it.each([
    [undefined, 0],
    [true, 0],
    [false, 1],
  ])('keepAlive: %o: it lets go of the process %i times', async (keepAlive, times) => {
    let count = 0
    await armTimer(keepAlive, { unref: () => (count += 1) })
    expect(count).toBe(times)
  })

  it.each([1, null, undefined, {}, { unref: true }])(
    'keepAlive: false: the handle %o, which cannot, is none the worse',
    async (handle) => {
      await expect(armTimer(false, handle)).resolves.toBeUndefined()
      const clock = new VirtualClock()
      const { cache, calls } = world({
        keepAlive: false,
        clock: Object.assign(clock, {
          setTimeout(callback: () => void, delay: number) {
            VirtualClock.prototype.setTimeout.call(clock, callback, delay)
            return handle
          },
        }),
      })
      cache.start().getOrCreate('a', running())
      await clock.advance(2000)
      expect(calls).toHaveLength(3)
    },
  )

  it('L5, T2: a wall clock that throws does not end the polling', async () => {
    const virtual = new VirtualClock()
    let isBroken = false
    const { cache, calls } = world({
      clock: {
        now: () => virtual.now(),
        epoch() {
          if (isBroken) throw new Error('no clock')
          return virtual.epoch()
        },
        setTimeout: (callback, delay) => virtual.setTimeout(callback, delay),
        clearTimeout: (handle) => virtual.clearTimeout(handle),
      },
    })
    cache.start().getOrCreate('a', running())
    await virtual.advance(500)
    isBroken = true
    await virtual.advance(2500)
    expect(calls.map(({ ids }) => ids)).toEqual([['a'], ['a'], ['a'], ['a']])
  })

  it('S10: a time that has no exact number makes no refresh a whole ms late', async () => {
    for (let tenths = 1; tenths <= 200; tenths++) {
      const { cache, clock, calls } = world()
      // The sum crosses a power of two, and is rounded there.
      await clock.advance(131_072 - 500 + tenths / 10)
      cache.start().getOrCreate('a', running())
      await clock.advance(0)
      await clock.advance(1000)
      expect(calls, `begun at ${clock.now() - 1000}`).toHaveLength(2)
      void cache.stop()
    }
  })
})
