import { describe, expect, it } from 'vitest'
import { times, timesOf, typesOf } from './scheduling.ts'
import { captureReports, running, world, type Job, type World } from './world.ts'

describe('hidden and offline', () => {
  it('T3: hidden and offline, both must return', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(500)
    w.environment.setVisible(false)
    w.environment.setOnline(false)
    await w.clock.advance(5000)
    w.environment.setVisible(true)
    await w.clock.advance(1000)
    expect(times(w.calls)).toEqual([0])
    w.environment.setOnline(true)
    await w.clock.advance(0)
    expect(times(w.calls)).toEqual([0, 6500])
  })

  it('T3: each option is for its own', async () => {
    for (const [options, visible, online] of [
      [{ refreshWhenHidden: true }, true, false],
      [{ refreshWhenOffline: true }, false, true],
    ] as const) {
      const w = world(options)
      w.environment.setVisible(visible)
      w.environment.setOnline(online)
      w.cache.start().getOrCreate('a', running())
      await w.clock.advance(5000)
      expect(w.calls).toEqual([])
    }
  })

  it('T3: with both options nothing pauses', async () => {
    const w = world({ refreshWhenHidden: true, refreshWhenOffline: true })
    w.environment.setVisible(false)
    w.environment.setOnline(false)
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(1000)
    expect(times(w.calls)).toEqual([0, 1000])
    expect(typesOf(w.events)).not.toContain('paused')
  })

  it('T3: an environment that tells nobody is asked all the same', async () => {
    let visible = true
    const w = world({
      environment: { isVisible: () => visible, isOnline: () => true, subscribe: () => () => {} },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(999)
    visible = false
    await w.clock.advance(10_000)
    expect(times(w.calls)).toEqual([0])
  })

  it('T3: the environment is subscribed to while the cache runs, and no longer', async () => {
    const w = world()
    expect(w.environment.listeners).toBe(0)
    w.cache.start()
    w.cache.start()
    expect(w.environment.listeners).toBe(1)
    await w.cache.stop()
    expect(w.environment.listeners).toBe(0)
    w.environment.setVisible(false)
    w.environment.setVisible(true)
    await w.clock.advance(1000)
    expect(w.calls).toEqual([])
  })

  it('T3: a cache that was started while the page was hidden starts when it is shown', async () => {
    const w = world()
    w.cache.getOrCreate('a', running())
    w.environment.setVisible(false)
    w.cache.start()
    await w.clock.advance(3000)
    w.environment.setVisible(true)
    await w.clock.advance(1000)
    expect(times(w.calls)).toEqual([3000, 4000])
  })

  it('T3: a cache that was stopped while the page was hidden asks again when it starts', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(500)
    w.environment.setVisible(false)
    await w.clock.advance(0)
    await w.cache.stop()
    w.environment.setVisible(true)
    w.cache.start()
    await w.clock.advance(500)
    expect(timesOf(w.calls, 'a')).toEqual([0, 1000])
  })
})

describe('an environment that does more, or less, than it should', () => {
  it('T3: the cache ignores an environment that goes on telling after it has left it', async () => {
    const left: (() => void)[] = []
    let isVisible = true
    const { cache, clock, events, calls } = world({
      environment: {
        isVisible: () => isVisible,
        isOnline: () => true,
        subscribe(listener) {
          left.push(listener)
          return () => undefined
        },
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    await cache.stop()
    isVisible = false
    left.forEach((listener) => listener())
    await clock.advance(5000)
    expect(typesOf(events)).not.toContain('paused')
    expect(calls).toHaveLength(1)
    expect(clock.timers).toBe(0)
  })

  it.each(['isVisible', 'isOnline'] as const)(
    'T3, F7: one whose %s throws holds nothing up',
    async (method) => {
      const capture = captureReports()
      try {
        const environment = { isVisible: () => true, isOnline: () => true, subscribe: () => () => undefined }
        const { cache, clock, calls, events } = world({
          environment: {
            ...environment,
            [method]() {
              throw new Error('unknown')
            },
          },
        })
        cache.start().getOrCreate('a', running())
        await clock.advance(1000)
        expect(times(calls)).toEqual([0, 1000])
        expect(typesOf(events)).not.toContain('paused')
      } finally {
        capture.restore()
      }
    },
  )

  it.each<[string, (cache: World<Job>['cache']) => void]>([
    ['', () => undefined],
    [' and stops the cache', (cache) => void cache.stop()],
  ])('T3, F7: one whose subscribe throws%s is reported once', async (_, change) => {
    const capture = captureReports()
    try {
      const w = world({
        environment: {
          isVisible: () => true,
          isOnline: () => true,
          subscribe() {
            change(w.cache)
            throw new Error('no')
          },
        },
      })
      w.cache.start()
      await w.cache.stop()
      expect(typesOf(w.events).filter((type) => type === 'callback-error')).toHaveLength(1)
      expect(capture.reports).toHaveLength(1)
    } finally {
      capture.restore()
    }
  })
})
