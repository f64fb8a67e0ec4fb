import { customBatches } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, log, oneEach } from './scheduling.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

describe('items of customBatches that wait', () => {
  it('O1, O2: a due one that waits for a slot keeps its snapshot, and nobody is told', async () => {
    const { cache, clock, calls } = world({
      concurrency: 1,
      policies: [customBatches(oneEach)],
      answer: (batch, { at }) => (at < 1000 ? unchanged(batch) : 'wait'),
    })
    createAll(cache.start(), ['a', 'b', 'c'])
    await clock.advance(500)
    const before = cache.getSnapshot('b')
    let told = 0
    cache.subscribe('c', () => (told += 1), { activity: true })
    await clock.advance(500)
    expect(log(calls).slice(3)).toEqual(['1000 a'])
    expect(cache.getSnapshot('b')).toBe(before)
    expect(told).toBe(0)
  })

  it.each([
    ['in the pause', (): void => undefined],
    ['after its end', ({ cache }: World<Job>): void => cache.resume()],
  ])(
    "S7, G5: a first fetch that is left out in the user's pause comes one interval later, %s",
    async (_, then) => {
      let isOut = true
      const w = world<Job>({
        policies: [customBatches((due) => (isOut ? [] : [due]))],
        answer: (batch) => batch.map(({ id }) => ({ id, item: running() })),
      })
      w.cache.start().pause()
      w.cache.getOrCreate('new')
      await w.clock.advance(500)
      expect(w.calls).toEqual([])
      isOut = false
      then(w)
      await w.clock.advance(500)
      expect(log(w.calls)).toEqual(['1000 new'])
    },
  )
})
