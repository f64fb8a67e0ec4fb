import { StatusObserver } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { running, world, type Job, type World } from './world.ts'

function observed(w: World<Job>) {
  const observer = new StatusObserver<Job>()
  const told: number[] = []
  return { observer, told, listen: () => observer.listen(() => told.push(w.clock.now())) }
}

describe('the status that an observer shows', () => {
  it('A17: is that of the cache, and the same object until something in it changes', () => {
    const { cache } = world()
    const observer = new StatusObserver<Job>()
    const first = observer.read(cache)
    expect(first).toBe(cache.getStatus())
    expect(first.state).toBe('stopped')
    expect(observer.read(cache)).toBe(first)
    cache.start()
    expect(observer.read(cache).state).toBe('running')
    expect(first.state).toBe('stopped')
  })

  it('A7: the status of another cache is shown when the cache changes', () => {
    const [one, other] = [world(), world()]
    one.cache.start()
    const observer = new StatusObserver<Job>()
    expect([observer.read(one.cache).state, observer.read(other.cache).state]).toEqual(['running', 'stopped'])
  })
})

describe('an attached observer of the status', () => {
  it('G4: is told of changes, but not of each success', async () => {
    const w = world()
    const { observer, told, listen } = observed(w)
    listen()
    observer.attach(w.cache)
    expect(told).toEqual([0])
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    expect(told).toEqual([0, 0])
    await w.clock.advance(5000)
    expect(w.calls.length).toBeGreaterThan(4)
    expect(told).toEqual([0, 0])
    w.cache.pause()
    await w.clock.advance(0)
    expect(told).toEqual([0, 0, 5000])
    expect(observer.read(w.cache).state).toBe('paused')
  })

  it('A3, A7: is told nothing of a cache that it left', async () => {
    const [one, other] = [world(), world()]
    const { observer, told, listen } = observed(one)
    const end = listen()
    observer.attach(one.cache)
    observer.attach(other.cache)
    one.cache.start()
    await one.clock.advance(0)
    expect(told).toHaveLength(2)
    end()
    other.cache.start()
    await other.clock.advance(0)
    expect(told).toHaveLength(2)
  })
})
