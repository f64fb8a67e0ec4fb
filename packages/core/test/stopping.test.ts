import { describe, expect, it } from 'vitest'
import { running, stepped, world } from './world.ts'

describe('stopping from within', () => {
  it('L3: a listener that stops the cache when a call starts stops that call, too', async () => {
    const w = world({ answer: stepped })
    w.cache.onEvent((event) => {
      if (event.type === 'sync-started') void w.cache.stop()
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(5000)
    expect(w.calls).toHaveLength(0)
    expect(w.cache.get('a')).toEqual(running())
    expect(w.cache.inProcessing('a')).toBe(false)
    expect(w.clock.timers).toBe(0)
  })

  it('L4: the next start makes that call', async () => {
    const w = world({ answer: stepped })
    const unsubscribe = w.cache.onEvent((event) => {
      if (event.type === 'sync-started') void w.cache.stop()
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    unsubscribe()
    w.cache.start()
    await w.clock.advance(0)
    expect(w.batches()).toEqual([['a']])
    expect(w.cache.get('a')).toEqual(running(1))
  })

  it('L3, O3: a start from within the abort of a stop comes after it', async () => {
    const w = world({
      answer: (_, call) => {
        call.signal.addEventListener('abort', () => w.cache.start())
        return 'wait'
      },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    void w.cache.stop()
    const life = w.events
      .map((event) => event.type)
      .filter((type) => type === 'started' || type === 'stopped')
    expect(life).toEqual(['started', 'stopped', 'started'])
    expect(w.cache.isRunning).toBe(true)
  })

  it('L3, L4, O3: a stop does not abort what was started anew from within its aborts', async () => {
    const w = world({ interval: 1000, answer: () => 'wait' })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    w.cache.getOrCreate('b', running())
    let isOver = false
    w.calls[0]?.signal.addEventListener('abort', () => {
      w.cache.onEvent(({ type }) => {
        if (type !== 'stopped' || isOver) return
        isOver = true
        w.cache.start()
      })
      w.cache.start()
      void w.cache.stop()
    })
    void w.cache.stop()
    await w.clock.advance(0)
    expect(w.batches()).toEqual([['a'], ['b']])
    expect(w.cache.getSnapshot('b').isRefreshing).toBe(true)
    expect(w.calls[1]?.signal.aborted).toBe(false)
  })

  it('L3, O3: a stop and start from within `started` leaves no listener of the environment behind', async () => {
    const w = world()
    let isFirst = true
    w.cache.onEvent((event) => {
      if (event.type !== 'started' || !isFirst) return
      isFirst = false
      void w.cache.stop()
      w.cache.start()
    })
    w.cache.start()
    expect(w.environment.listeners).toBe(1)
    await w.cache.stop()
    expect(w.environment.listeners).toBe(0)
  })
})
