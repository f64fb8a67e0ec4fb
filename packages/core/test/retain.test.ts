import { describe, expect, it } from 'vitest'
import { log } from './scheduling.ts'
import { endOfTurn, running, world } from './world.ts'

describe('retain', () => {
  it('L8: it starts the cache', async () => {
    const { cache, clock, calls } = world()
    cache.getOrCreate('a', running())
    cache.retain()
    expect(cache.isRunning).toBe(true)
    await clock.advance(1000)
    expect(log(calls)).toEqual(['0 a', '1000 a'])
  })

  it('L8: a second one starts nothing a second time', async () => {
    const { cache, clock, calls, events } = world()
    cache.getOrCreate('a', running())
    cache.retain()
    cache.retain()
    await clock.advance(1000)
    expect(log(calls)).toEqual(['0 a', '1000 a'])
    expect(events.filter((event) => event.type === 'started')).toHaveLength(1)
  })

  it('L8: the release of the last one stops the cache, aborts its calls and clears its timer', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.getOrCreate('a', running())
    const release = cache.retain()
    await clock.advance(0)
    release()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
    expect(lastCall().signal.aborted).toBe(true)
    lastCall().answer([])
    await clock.advance(0)
    expect(clock.timers).toBe(0)
  })

  it('L8: it is not stopped before the end of the turn', async () => {
    const { cache, events } = world()
    cache.retain()()
    expect(cache.isRunning).toBe(true)
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
    expect(events.map((event) => event.type)).toEqual(['started', 'stopped'])
  })

  it('L8: a new one in the same turn keeps it running, without a stop in between', async () => {
    const { cache, clock, lastCall, events } = world({ answer: () => 'wait' })
    cache.getOrCreate('a', running())
    const release = cache.retain()
    await clock.advance(0)
    release()
    const again = cache.retain()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
    expect(lastCall().signal.aborted).toBe(false)
    expect(events.map((event) => event.type)).not.toContain('stopped')
    again()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
  })

  it('L8: as often as it is released and taken in one turn, the last word counts', async () => {
    const { cache, events } = world()
    for (let round = 0; round < 5; round++) cache.retain()()
    const release = cache.retain()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
    release()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
    expect(events.map((event) => event.type)).toEqual(['started', 'stopped'])
  })

  it('L8: a retain after the end of the turn starts it again', async () => {
    const { cache, events } = world()
    cache.retain()()
    await endOfTurn()
    cache.retain()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
    expect(events.map((event) => event.type)).toEqual(['started', 'stopped', 'started'])
  })

  it('L8: while anybody holds it, it runs', async () => {
    const { cache } = world()
    const releases = [cache.retain(), cache.retain(), cache.retain()]
    releases[0]?.()
    releases[2]?.()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
    releases[1]?.()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
  })

  it('L8: releasing twice is releasing once', async () => {
    const { cache } = world()
    const first = cache.retain()
    const second = cache.retain()
    first()
    first()
    await endOfTurn()
    first()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
    second()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
  })

  it('L8: an old release, called again, takes nothing from who retained later', async () => {
    const { cache } = world()
    const old = cache.retain()
    old()
    await endOfTurn()
    cache.retain()
    old()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
  })

  it('L8: releasing stops no cache that the application started before', async () => {
    const { cache } = world()
    cache.start()
    cache.retain()()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
  })

  it('L8: releasing stops no cache that the application started since', async () => {
    const { cache } = world()
    const release = cache.retain()
    cache.start()
    release()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
  })

  it('L8: releasing stops no cache that it starts between the release and the end of the turn', async () => {
    const { cache } = world()
    cache.retain()()
    cache.start()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
  })

  it('L8: later retains do not undo that the application started it', async () => {
    const { cache } = world()
    const release = cache.retain()
    cache.start()
    release()
    cache.retain()()
    await endOfTurn()
    cache.retain()()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
  })

  it('L2, L8: a start with an aborted signal did nothing, so that releasing stops the cache', async () => {
    const { cache } = world()
    const release = cache.retain()
    cache.start({ signal: AbortSignal.abort() })
    release()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
  })

  it('L8: after a start and a stop of the application it is a retain again that started it', async () => {
    const { cache } = world()
    cache.start()
    await cache.stop()
    const release = cache.retain()
    release()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
  })

  it('L8: a stop of the application stops it whoever retains it', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    cache.retain()
    cache.retain()
    await clock.advance(0)
    void cache.stop()
    expect(cache.isRunning).toBe(false)
    expect(clock.timers).toBe(0)
    await clock.advance(5000)
    expect(cache.isRunning).toBe(false)
  })

  it('L8: an abort of the signal of its start stops it whoever retains it', () => {
    const { cache } = world()
    const controller = new AbortController()
    cache.retain()
    cache.start({ signal: controller.signal })
    controller.abort()
    expect(cache.isRunning).toBe(false)
  })

  it('L8: after that stop it starts again by the next retain', async () => {
    const { cache, clock, calls } = world()
    cache.getOrCreate('a', running())
    cache.retain()
    await clock.advance(0)
    await cache.stop()
    cache.retain()
    expect(cache.isRunning).toBe(true)
    await clock.advance(1000)
    expect(log(calls)).toEqual(['0 a', '1000 a'])
  })

  it('L8: after that stop it starts again by the next start, and no release stops it', async () => {
    const { cache } = world()
    const release = cache.retain()
    await cache.stop()
    cache.start()
    release()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
  })

  it('L8: after that stop a release alone starts and stops nothing', async () => {
    const { cache, events } = world()
    const release = cache.retain()
    await cache.stop()
    release()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
    expect(events.map((event) => event.type)).toEqual(['started', 'stopped'])
  })

  it('L8: a holder from before that stop still holds it when it runs again', async () => {
    const { cache } = world()
    const old = cache.retain()
    await cache.stop()
    const young = cache.retain()
    young()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
    old()
    await endOfTurn()
    expect(cache.isRunning).toBe(false)
  })

  it('L8: a stop and a start between the release and the end of the turn are the last word', async () => {
    const { cache } = world()
    cache.retain()()
    void cache.stop()
    cache.start()
    await endOfTurn()
    expect(cache.isRunning).toBe(true)
  })
})
