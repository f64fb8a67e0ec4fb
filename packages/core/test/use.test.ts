import { lru } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { running, stepped, world, type Job, type World } from './world.ts'

describe('hits and misses', () => {
  it('W9: get and getOrThrow count them', () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    cache.get('a')
    cache.get('a')
    cache.getOrThrow('a')
    cache.get('b')
    expect(() => cache.getOrThrow('b')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    expect(cache.stats()).toMatchObject({ hits: 3, misses: 2 })
  })

  it('W9: falsy items are hits', () => {
    const { cache } = world<unknown>()
    cache.getOrCreate('a', 0)
    cache.getOrCreate('b', '')
    cache.get('a')
    cache.getOrThrow('b')
    expect(cache.stats()).toMatchObject({ hits: 2, misses: 0 })
  })

  it('W9: nothing else counts', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('a', running())
    cache.has('a')
    cache.has('b')
    cache.getSnapshot('a')
    cache.getSnapshot('b')
    cache.update('a', running(1))
    cache.update('b', running(1))
    cache.delete('b')
    cache.deleteDelayed('b')
    cache.inProcessing('a')
    cache.subscribe('a', () => {})
    cache.ingest([{ id: 'a', item: running(4) }])
    void [...cache.ids()]
    await cache.refresh('a')
    await clock.advance(5000)
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 0 })
  })
})

describe('use', () => {
  type Touch = (all: World<Job>) => void | Promise<void>

  /** Whether an item survives many newer ones when this is done to it between two of them. */
  async function survives(touch: Touch): Promise<boolean> {
    const all = world({ policies: [lru(4)], answer: stepped })
    all.cache.start().getOrCreate('it', running())
    await all.clock.advance(0)
    for (let step = 0; step < 20; step++) {
      await touch(all)
      all.cache.getOrCreate(`x${step}`, running())
      await all.clock.advance(10)
    }
    return all.cache.has('it')
  }

  const counting: readonly (readonly [string, Touch])[] = [
    ['get', ({ cache }) => void cache.get('it')],
    ['getOrThrow', ({ cache }) => void cache.getOrThrow('it')],
    ['getOrCreate', ({ cache }) => void cache.getOrCreate('it', running())],
    ['subscribe', ({ cache }) => cache.subscribe('it', () => {})()],
  ]

  it.each(counting)('W9: %s is use', async (_, touch) => {
    expect(await survives(touch)).toBe(true)
  })

  const notCounting: readonly (readonly [string, Touch])[] = [
    ['nothing', () => {}],
    ['has', ({ cache }) => void cache.has('it')],
    ['getSnapshot', ({ cache }) => void cache.getSnapshot('it')],
    ['ids', ({ cache }) => void [...cache.ids()]],
    ['update', ({ cache }) => void cache.update('it', running(3))],
    ['inProcessing', ({ cache }) => void cache.inProcessing('it')],
    ['ingest', ({ cache }) => cache.ingest([{ id: 'it', action: 'unchanged' }])],
    ['a pushed value', ({ cache }) => cache.ingest([{ id: 'it', item: running(Math.PI) }])],
    ['a background refresh', ({ clock }) => clock.advance(1000)],
    ['a refresh that was asked for', ({ cache }) => (cache.has('it') ? cache.refresh('it') : undefined)],
  ]

  it.each(notCounting)('W9, D12: %s is no use', async (_, touch) => {
    expect(await survives(touch)).toBe(false)
  })
})

describe('the id in the message of an error', () => {
  it.each([
    [80, `"${'x'.repeat(80)}"`],
    [81, `"${'x'.repeat(80)}…"`],
  ])('L7: of %i characters it is shown up to 80', (length, shown) => {
    const { cache } = world()
    expect(() => cache.getOrThrow('x'.repeat(length))).toThrow(` ${shown}`)
  })
})
