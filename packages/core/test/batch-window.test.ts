import { describe, expect, it } from 'vitest'
import { log, times } from './scheduling.ts'
import { running, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

/** A running cache whose new items wait 50 ms for others. */
function gathering(options: Options = {}): World<Job> {
  const w = world<Job>({ batchWindow: 50, ...options })
  w.cache.start()
  return w
}

/** Creates `pending` without a value, or `valued` with one. */
const create = ({ cache }: World<Job>, id: string): unknown =>
  id === 'pending' ? cache.getOrCreate(id) : cache.getOrCreate(id, running())

const orders: [string, string][] = [
  ['pending', 'valued'],
  ['valued', 'pending'],
]

describe('batchWindow', () => {
  it.each(orders)(
    'S1: counts from the first new item: %s first, then %s. Both share a call',
    async (first, second) => {
      const w = gathering({ interval: () => 1000, answer: () => 'wait' })
      create(w, first)
      await w.clock.advance(10)
      create(w, second)
      await w.clock.advance(40)
      expect(log(w.calls)).toEqual(['50 pending valued'])
    },
  )

  it.each(orders)('S1: counts anew when it is over: %s before, %s after it', async (first, second) => {
    const w = gathering({ interval: () => 1000, answer: () => 'wait' })
    create(w, first)
    await w.clock.advance(100)
    create(w, second)
    await w.clock.advance(100)
    expect(log(w.calls)).toEqual([`50 ${first}`, `150 ${second}`])
  })

  it.each(orders)('S1, G5: in a pause only what is pending is fetched: %s first, then %s', async (...ids) => {
    const w = gathering()
    w.cache.pause()
    for (const id of ids) create(w, id)
    await w.clock.advance(5000)
    expect(log(w.calls)[0]).toBe('50 pending')
    expect(w.calls.flatMap(({ ids: sent }) => sent)).not.toContain('valued')
  })

  it('S1: counts anew if the first item was deleted meanwhile', async () => {
    const w = gathering()
    w.cache.getOrCreate('a', running())
    w.cache.delete('a')
    await w.clock.advance(10)
    w.cache.getOrCreate('b', running())
    await w.clock.advance(49)
    expect(w.calls).toEqual([])
    await w.clock.advance(1)
    expect(log(w.calls)).toEqual(['60 b'])
  })

  it('S3: an item whose earlier generation is in a call waits for the end of that', async () => {
    const w = gathering({ answer: () => 'wait' })
    w.cache.getOrCreate('a', running())
    await w.clock.advance(60)
    w.cache.delete('a')
    w.cache.getOrCreate('a', running())
    await w.clock.advance(1000)
    expect(times(w.calls)).toEqual([50])
    w.calls[0]?.answer([])
    await w.clock.advance(0)
    expect(times(w.calls)).toEqual([50, 1060])
  })
})
