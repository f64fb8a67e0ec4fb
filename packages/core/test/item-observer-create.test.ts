import type { ItemSnapshot } from '@auto-refresh/core'
import { ItemObserver, observerCount, type ItemTarget } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { running, stepped, world, type Job, type World } from './world.ts'

type Target = ItemTarget<Job>

function observed(w: World<Job>) {
  const observer = new ItemObserver<Job>()
  const told: number[] = []
  return { observer, told, listen: () => observer.listen(() => told.push(w.clock.now())) }
}

describe('an observer that creates', () => {
  it('A2, P7: shows an absent id as pending until it attaches, which creates it', async () => {
    const w = world({ answer: stepped })
    const { observer, listen } = observed(w)
    const target: Target = { cache: w.cache.start(), id: 'a', create: true }
    expect(observer.read(target)).toMatchObject({ status: 'pending', item: undefined })
    expect(w.cache.has('a')).toBe(false)
    listen()
    observer.attach(target)
    expect(w.cache.getSnapshot('a').status).toBe('pending')
    await w.clock.advance(0)
    expect(observer.read(target)).toMatchObject({ status: 'active', item: running(1) })
  })

  it('A2: shows the same object before and after it attaches, if nothing that was read changes', () => {
    const w = world()
    w.cache.start()
    const { observer, listen } = observed(w)
    const target: Target = { cache: w.cache, id: 'a', create: true }
    const shown = observer.read(target)
    expect(shown.status).toBe('pending')
    listen()
    observer.attach(target)
    expect(observer.read(target)).toBe(shown)
  })

  it('A2, P7: with `create: false` it only looks, even with an initial item', () => {
    const w = world()
    const { observer, listen } = observed(w)
    const target: Target = { cache: w.cache, id: 'a', create: false, initialItem: running() }
    expect(observer.read(target).status).toBe('missing')
    listen()
    observer.attach(target)
    expect(w.cache.has('a')).toBe(false)
    expect(w.cache.stats().subscribers).toBe(1)
  })

  it('A2: without a subscription it shows an initial item, and otherwise missing', () => {
    const { cache } = world()
    const observer = new ItemObserver<Job>()
    const target: Target = { cache, id: 'a', create: true, enabled: false }
    expect(observer.read(target).status).toBe('missing')
    expect(observer.read({ ...target, initialItem: running(3) }).item).toEqual(running(3))
    expect(observer.read(target).status).toBe('missing')
  })

  it('P1, P7: gives a pending item its initial item, and shows that before it attaches', () => {
    const w = world()
    w.cache.getOrCreate('a')
    const { observer, listen } = observed(w)
    const target: Target = { cache: w.cache, id: 'a', initialItem: running(4) }
    expect(observer.read(target)).toMatchObject({ status: 'active', item: running(4) })
    listen()
    observer.attach(target)
    expect(w.cache.getSnapshot('a')).toMatchObject({ status: 'active', item: running(4) })
  })

  it('A13: shows pending in the first frame of hydration, even if the cache is ahead', () => {
    const { cache } = world()
    cache.getOrCreate('a', running(2))
    const observer = new ItemObserver<Job>()
    expect(observer.readInitial({ cache, id: 'a', create: true }).status).toBe('pending')
    expect(observer.read({ cache, id: 'a', create: true }).item).toEqual(running(2))
  })

  it('A2, A7: if creating throws, attaching throws, and the previous item stays attached', () => {
    const w = world()
    w.cache.start()
    const { observer, listen } = observed(w)
    listen()
    observer.attach({ cache: w.cache, id: 'a', create: true })
    const target: Target = { cache: w.cache, id: 'b', initialItem: null as unknown as Job }
    expect(() => observer.attach(target)).toThrow(TypeError)
    expect([observerCount(w.cache, 'a'), observerCount(w.cache, 'b')]).toEqual([1, 0])
    expect([...w.cache.ids()]).toEqual(['a'])
  })
})

describe('an item that was deleted while it was shown', () => {
  const shownAndDeleted = () => {
    const w = world()
    w.cache.start()
    const { observer, listen } = observed(w)
    const target: Target = { cache: w.cache, id: 'a', create: true }
    const end = listen()
    observer.attach(target)
    w.cache.delete('a')
    return { w, observer, listen, target, end }
  }

  it('A2: is missing, and the same mount does not create it again', () => {
    const { w, observer, target } = shownAndDeleted()
    observer.attach(target)
    expect(observer.read(target).status).toBe('missing')
    expect(w.cache.has('a')).toBe(false)
  })

  it('A2: a mount that is shown again does not create it, and no frame shows it as pending', () => {
    const { w, observer, listen, target, end } = shownAndDeleted()
    end()
    expect(observer.read(target).status).toBe('missing')
    observer.attach(target)
    listen()
    expect(observer.read(target).status).toBe('missing')
    expect(w.cache.has('a')).toBe(false)
    expect(w.cache.stats().subscribers).toBe(1)
  })

  it('A2: is created if it was deleted only after the mount had left it', () => {
    const w = world()
    w.cache.start()
    const { observer, listen } = observed(w)
    const target: Target = { cache: w.cache, id: 'a', create: true }
    const end = listen()
    observer.attach(target)
    end()
    w.cache.delete('a')
    expect(observer.read(target).status).toBe('pending')
    listen()
    observer.attach(target)
    expect(w.cache.has('a')).toBe(true)
  })

  it('A2: is created when `enabled` turns true', () => {
    const { w, observer, target } = shownAndDeleted()
    observer.attach({ ...target, enabled: false })
    observer.attach(target)
    expect(w.cache.has('a')).toBe(true)
  })

  it('A2: is created by another id, and then by the first again', () => {
    const { w, observer, target } = shownAndDeleted()
    observer.attach({ ...target, id: 'b' })
    observer.attach(target)
    expect([...w.cache.ids()]).toEqual(['b', 'a'])
  })

  it('A2, A6: is not created by the first reading of activity', async () => {
    const { w, observer, target } = shownAndDeleted()
    void observer.read(target).isRefreshing
    await w.clock.advance(0)
    expect(w.cache.has('a')).toBe(false)
    expect(w.cache.stats().subscribers).toBe(1)
  })
})

describe('values derived from a pending item', () => {
  it('P2: select sees the status, and no item', () => {
    const { cache } = world()
    cache.getOrCreate('a')
    const observer = new ItemObserver<Job, unknown>()
    const select = ({ status, item }: ItemSnapshot<Job>) => ({ status, item })
    const selected = observer.read({ cache, id: 'a', select })
    expect(selected).toEqual({ status: 'pending', item: undefined })
  })
})
