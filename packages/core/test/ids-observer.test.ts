import { IdsObserver } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { running, world, type Job, type World } from './world.ts'

function observed(w: World<Job>) {
  const observer = new IdsObserver<Job>()
  const told: number[] = []
  return { observer, told, listen: () => observer.listen(() => told.push(w.clock.now())) }
}

describe('the ids that an observer shows', () => {
  it('A16: are in order of creation', () => {
    const { cache } = world()
    for (const id of ['b', '10', 'a', '2']) cache.getOrCreate(id, running())
    cache.delete('10')
    cache.getOrCreate('10', running())
    expect(new IdsObserver<Job>().read(cache)).toEqual(['b', 'a', '2', '10'])
  })

  it('A16: are the same array until one comes or goes', async () => {
    const { cache, clock } = world()
    cache.start()
    cache.getOrCreate('a', running())
    cache.getOrCreate('b')
    const observer = new IdsObserver<Job>()
    const first = observer.read(cache)
    await clock.advance(2000)
    cache.update('a', running(1))
    expect(observer.read(cache)).toBe(first)
    cache.getOrCreate('c', running())
    expect(observer.read(cache)).toEqual(['a', 'b', 'c'])
    cache.delete('b')
    expect(observer.read(cache)).toEqual(['a', 'c'])
    expect(first).toEqual(['a', 'b'])
  })

  it('A16: are another array if one goes and another comes in its place', () => {
    const { cache } = world()
    for (const id of ['a', 'b']) cache.getOrCreate(id, running())
    const observer = new IdsObserver<Job>()
    observer.read(cache)
    cache.delete('b')
    cache.getOrCreate('c', running())
    expect(observer.read(cache)).toEqual(['a', 'c'])
  })

  it('A7: the ids of another cache are shown when the cache changes', () => {
    const [one, other] = [world(), world()]
    one.cache.getOrCreate('a', running())
    other.cache.getOrCreate('b', running())
    const observer = new IdsObserver<Job>()
    expect([observer.read(one.cache), observer.read(other.cache)]).toEqual([['a'], ['b']])
  })

  it('A1: reading subscribes to nothing', async () => {
    const w = world()
    const { observer, told, listen } = observed(w)
    listen()
    observer.read(w.cache)
    w.cache.getOrCreate('a', running())
    await w.clock.advance(0)
    expect(told).toEqual([])
  })
})

describe('an attached observer of ids', () => {
  it('G3: is told once a turn of ids that came or went, and of nothing else', async () => {
    const w = world()
    const { observer, told, listen } = observed(w)
    listen()
    observer.attach(w.cache)
    expect(told).toHaveLength(1)
    for (const id of ['a', 'b']) w.cache.getOrCreate(id, running())
    await w.clock.advance(0)
    expect(told).toHaveLength(2)
    w.cache.update('a', running(1))
    await w.clock.advance(0)
    expect(told).toHaveLength(2)
    w.cache.delete('a')
    await w.clock.advance(0)
    expect(told).toHaveLength(3)
  })

  it('A5: is told when it attaches, but not if it is attached already', () => {
    const w = world()
    const { observer, told, listen } = observed(w)
    listen()
    observer.attach(w.cache)
    observer.attach(w.cache)
    expect(told).toHaveLength(1)
  })

  it('A7: leaves the previous cache', async () => {
    const [one, other] = [world(), world()]
    const { observer, told, listen } = observed(one)
    listen()
    observer.attach(one.cache)
    observer.attach(other.cache)
    one.cache.getOrCreate('a', running())
    await one.clock.advance(0)
    expect(told).toHaveLength(2)
    other.cache.getOrCreate('a', running())
    await other.clock.advance(0)
    expect(told).toHaveLength(3)
  })

  it('A3, A4: is told nothing after the end, and again when listening resumes', async () => {
    const w = world()
    const { observer, told, listen } = observed(w)
    const end = listen()
    observer.attach(w.cache)
    w.cache.getOrCreate('a', running())
    end()
    await w.clock.advance(0)
    expect(told).toHaveLength(1)
    listen()
    observer.attach(w.cache)
    w.cache.getOrCreate('b', running())
    await w.clock.advance(0)
    expect(told).toHaveLength(3)
  })

  it('A2: waits for a listener', async () => {
    const w = world()
    const { observer, told, listen } = observed(w)
    observer.attach(w.cache)
    listen()
    w.cache.getOrCreate('a', running())
    await w.clock.advance(0)
    expect(told).toHaveLength(2)
  })
})
