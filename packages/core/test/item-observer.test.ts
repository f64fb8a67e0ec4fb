import type { ItemSnapshot } from '@auto-refresh/core'
import { ItemObserver, type ItemTarget } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { done, noteSubscriptions, running, stepped, world, type Job, type World } from './world.ts'

type Target = ItemTarget<Job>

/** An observer over `a`, what it told, and how to attach it. */
function observed(w: World<Job>) {
  const observer = new ItemObserver<Job>()
  const told: number[] = []
  return { observer, told, listen: () => observer.listen(() => told.push(w.clock.now())) }
}

const withA = (): World<Job> => {
  const w = world({ answer: stepped })
  w.cache.getOrCreate('a', running())
  return w
}

describe('the snapshot of an observer of an item', () => {
  it('A1: reading creates nothing, subscribes to nothing, counts nothing', () => {
    const w = world()
    const { observer } = observed(w)
    const target: Target = { cache: w.cache, id: 'a', initialItem: running() }
    observer.read(target)
    observer.readInitial(target)
    void observer.read(target).isRefreshing
    observer.attach(target)
    expect(w.cache.stats()).toMatchObject({ size: 0, hits: 0, misses: 0, subscribers: 0 })
  })

  it('A8: an absent id is missing, and an undefined one, too', () => {
    const { cache } = world()
    const observer = new ItemObserver<Job>()
    expect({ ...observer.read({ cache, id: 'a' }) }).toEqual(cache.getSnapshot('a'))
    expect(observer.read({ cache, id: undefined, initialItem: running() })).toMatchObject({
      status: 'missing',
      item: undefined,
    })
    expect(observer.read({ cache, id: undefined }).status).toBe('missing')
  })

  it('A8: an undefined id has no initial item at first', () => {
    const { cache } = world()
    const observer = new ItemObserver<Job>()
    expect(observer.readInitial({ cache, id: undefined, initialItem: running() }).status).toBe('missing')
  })

  it('A3: it is the same object as long as nothing changes, whatever was read of it', () => {
    const { cache } = withA()
    const observer = new ItemObserver<Job>()
    const shown = observer.read({ cache, id: 'a' })
    expect(shown.status).toBe('active')
    expect(observer.read({ cache, id: 'a' })).toBe(shown)
  })

  it.each([
    ['active', running()],
    ['terminal', done()],
  ])('A2: until it is attached an absent id shows the initial item as %s', (status, initialItem) => {
    const { cache } = world({ isTerminal: (job) => job.done })
    const observer = new ItemObserver<Job>()
    const target: Target = { cache, id: 'a', initialItem }
    expect(observer.read(target)).toMatchObject({ status, item: initialItem, createdAt: undefined })
    expect(observer.read(target).item).toBe(initialItem)
  })

  it('A2, A6: the same initial item is the same snapshot, for a reader who compares', () => {
    const { cache } = world()
    const observer = new ItemObserver<Job>()
    const initialItem = running()
    const first = observer.read({ cache, id: 'a', initialItem })
    expect(observer.read({ cache, id: 'a', initialItem })).toBe(first)
  })

  it('A2: another initial item is shown as it is', () => {
    const { cache } = world({ isTerminal: (job) => job.done })
    const observer = new ItemObserver<Job>()
    expect(observer.read({ cache, id: 'a', initialItem: running() }).status).toBe('active')
    expect(observer.read({ cache, id: 'a', initialItem: done(3) })).toMatchObject({
      status: 'terminal',
      item: done(3),
    })
  })

  it('A2: null is no initial item: it shows nothing, and creating it throws', () => {
    const w = world()
    const { observer, listen } = observed(w)
    const target: Target = { cache: w.cache, id: 'a', initialItem: null as unknown as Job }
    expect(observer.read(target).status).toBe('missing')
    listen()
    expect(() => observer.attach(target)).toThrow(TypeError)
  })

  it('A13: the first frame of hydration shows the initial item, though the cache is ahead', () => {
    const { cache } = withA()
    const observer = new ItemObserver<Job>()
    const initialItem = running(7)
    expect(observer.readInitial({ cache, id: 'a', initialItem }).item).toBe(initialItem)
    expect(observer.read({ cache, id: 'a', initialItem }).item).toEqual(running())
    expect(observer.readInitial({ cache, id: 'a' }).status).toBe('missing')
  })

  it('A6: it is the same object until a field that was read of it changes', async () => {
    const { cache, clock } = withA()
    cache.start()
    const observer = new ItemObserver<Job>()
    const target: Target = { cache, id: 'a' }
    const unread = observer.read(target)
    await clock.advance(0)
    expect(observer.read(target)).toBe(unread)
    expect(unread.item).toEqual(running(1))
    await clock.advance(1000)
    const next = observer.read(target)
    expect(next).not.toBe(unread)
    expect(next.item).toEqual(running(2))
  })

  it('A6: a field that is first read later is as it is then; what was read of an old one stays', async () => {
    const { cache, clock } = withA()
    cache.start()
    const observer = new ItemObserver<Job>()
    const target: Target = { cache, id: 'a' }
    const old = observer.read(target)
    expect(old.item).toEqual(running())
    await clock.advance(0)
    observer.read(target)
    expect(old.item).toEqual(running())
    expect({ ...observer.read(target) }).toEqual(cache.getSnapshot('a'))
  })

  it('A7: with another id or another cache the very next reading is of that', () => {
    const w = withA()
    w.cache.getOrCreate('b', running(2))
    const other = withA()
    other.cache.update('a', running(3))
    const observer = new ItemObserver<Job>()
    const steps = [
      { cache: w.cache, id: 'a' },
      { cache: w.cache, id: 'b' },
      { cache: other.cache, id: 'a' },
    ].map((target) => observer.read(target).item?.step)
    expect(steps).toEqual([0, 2, 3])
  })

  it('A7: two ids that show the same are two', () => {
    const { cache } = world()
    const observer = new ItemObserver<Job>()
    expect(observer.read({ cache, id: 'a' })).not.toBe(observer.read({ cache, id: 'b' }))
  })
})

describe('selections of an observer of an item', () => {
  it('A6: the selected value keeps its reference as long as equals holds', () => {
    const { cache } = withA()
    const observer = new ItemObserver<Job, { readonly even: boolean }>()
    const selection = {
      select: ({ item }: ItemSnapshot<Job>) => ({ even: (item?.step ?? 0) % 2 === 0 }),
      equals: (a: { even: boolean }, b: { even: boolean }) => a.even === b.even,
    }
    const values = [0, 2, 3].map((step) => {
      cache.update('a', running(step))
      return observer.read({ cache, id: 'a', ...selection })
    })
    expect(values[1]).toBe(values[0])
    expect(values[2]).toEqual({ even: false })
  })

  it('A6: equals is Object.is by default', () => {
    const { cache } = withA()
    const observer = new ItemObserver<Job, number>()
    const select = () => Number.NaN
    expect(observer.read({ cache, id: 'a', select })).toBeNaN()
    const lists = new ItemObserver<Job, number[]>()
    const first = lists.read({ cache, id: 'a', select: () => [] })
    expect(lists.read({ cache, id: 'a', select: () => [] })).not.toBe(first)
  })

  it('A9: the same function of the same snapshot is not called again; another one is', () => {
    const { cache } = withA()
    const observer = new ItemObserver<Job, string>()
    const seen: string[] = []
    const selectBy = (name: string) => (snapshot: ItemSnapshot<Job>) => {
      seen.push(name)
      return `${name} ${snapshot.item?.step}`
    }
    const select = selectBy('first')
    const target = { cache, id: 'a' }
    observer.read({ ...target, select })
    expect(observer.read({ ...target, select })).toBe('first 0')
    expect(observer.read({ ...target, select: selectBy('second') })).toBe('second 0')
    cache.update('a', running(1))
    expect(observer.read({ ...target, select })).toBe('first 1')
    expect(seen).toEqual(['first', 'second', 'first'])
  })
})

describe('notifications of an observer of an item', () => {
  it('A2: attaching subscribes, and creates the initial item where the id is absent', () => {
    const w = world()
    const { observer, listen } = observed(w)
    const target: Target = { cache: w.cache.start(), id: 'a', initialItem: running(4) }
    listen()
    observer.attach(target)
    expect(w.cache.stats()).toMatchObject({ size: 1, subscribers: 1 })
    expect(observer.read(target).item).toEqual(running(4))
  })

  it('A2: a present item is not replaced, and not counted as used', () => {
    const w = withA()
    const { observer, listen } = observed(w)
    listen()
    observer.attach({ cache: w.cache, id: 'a', initialItem: running(4) })
    expect(w.cache.getSnapshot('a').item).toEqual(running())
    expect(w.cache.stats()).toMatchObject({ hits: 0, misses: 0 })
  })

  it('A2, A8: once attached, the initial item is not shown again, nor created again', () => {
    const w = world()
    const { observer, listen } = observed(w)
    const target: Target = { cache: w.cache.start(), id: 'a', initialItem: running() }
    listen()
    observer.attach(target)
    w.cache.delete('a')
    observer.attach(target)
    expect(observer.read(target).status).toBe('missing')
    expect(w.cache.has('a')).toBe(false)
  })

  it('A7: detached by `enabled: false`, and only then, it shows the initial item again', () => {
    const w = world()
    const { observer, listen } = observed(w)
    const target: Target = { cache: w.cache.start(), id: 'a', initialItem: running() }
    listen()
    observer.attach(target)
    w.cache.delete('a')
    const disabled = { ...target, enabled: false }
    expect(observer.read(disabled).status).toBe('active')
    observer.attach(disabled)
    expect(w.cache.stats()).toMatchObject({ size: 0, subscribers: 0 })
    observer.attach({ ...target, enabled: true })
    expect(w.cache.has('a')).toBe(true)
  })

  it('A2, A7: the initial item of another id, or another cache, is shown though one is attached', () => {
    const w = world()
    w.cache.start()
    const other = world()
    const { observer, listen } = observed(w)
    const initialItem = running()
    listen()
    observer.attach({ cache: w.cache, id: 'a', initialItem })
    expect(observer.read({ cache: w.cache, id: 'b', initialItem }).status).toBe('active')
    expect(observer.read({ cache: other.cache, id: 'a', initialItem }).status).toBe('active')
  })

  it('A3: the unsubscribe function ends the subscription, and no notification follows', async () => {
    const w = withA()
    const { observer, told, listen } = observed(w)
    const target: Target = { cache: w.cache, id: 'a' }
    const end = listen()
    observer.attach(target)
    const before = told.length
    w.cache.update('a', running(1))
    end()
    expect(w.cache.stats().subscribers).toBe(0)
    observer.attach(target)
    expect(w.cache.stats().subscribers).toBe(0)
    await w.clock.advance(0)
    expect(told).toHaveLength(before)
    expect(w.cache.has('a')).toBe(true)
  })

  it('A4: ended and listened to again, it subscribes again', () => {
    const w = withA()
    const { observer, listen } = observed(w)
    const target: Target = { cache: w.cache, id: 'a' }
    listen()()
    listen()
    observer.attach(target)
    expect(w.cache.stats().subscribers).toBe(1)
  })

  it('A5: attaching tells at once, for what happened since the reading was told to nobody', () => {
    const w = withA()
    const { observer, told, listen } = observed(w)
    listen()
    observer.attach({ cache: w.cache, id: 'a' })
    expect(told).toHaveLength(1)
  })

  it('A9: attaching the same again neither subscribes nor tells', () => {
    const w = withA()
    const { observer, told, listen } = observed(w)
    listen()
    observer.attach({ cache: w.cache, id: 'a' })
    observer.attach({ cache: w.cache, id: 'a', initialItem: running() })
    expect(told).toHaveLength(1)
    expect(w.cache.stats().subscribers).toBe(1)
  })

  it('A7: the new subscription is made before the old one ends', () => {
    const w = withA()
    const order = noteSubscriptions(w.cache)
    const other = world()
    const { observer, listen } = observed(w)
    listen()
    observer.attach({ cache: w.cache, id: 'a' })
    observer.attach({ cache: w.cache, id: 'b' })
    expect(order).toEqual(['+a', '+b', '-a'])
    observer.attach({ cache: other.cache, id: 'b' })
    expect(order).toEqual(['+a', '+b', '-a', '-b'])
    expect(other.cache.stats().subscribers).toBe(1)
    observer.attach({ cache: other.cache, id: undefined })
    expect(other.cache.stats().subscribers).toBe(0)
  })

  it('A6: without an activity field that was read it is told of no activity', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    const { observer, told, listen } = observed(w)
    listen()
    expect(observer.read({ cache: w.cache, id: 'a' }).item).toEqual(running())
    observer.attach({ cache: w.cache, id: 'a' })
    await w.clock.advance(3000)
    expect(told).toEqual([])
  })

  it('A6: an activity field that was read before has it told of activity from the start', async () => {
    const w = world({ syncOnCreate: false })
    w.cache.start().getOrCreate('a', running())
    const { observer, told, listen } = observed(w)
    listen()
    void observer.read({ cache: w.cache, id: 'a' }).isRefreshing
    observer.attach({ cache: w.cache, id: 'a' })
    await w.clock.advance(0)
    expect(told).toEqual([])
    await w.clock.advance(1000)
    expect(told).toContain(1000)
  })

  it('A6: reading a field of activity later tells the observer of activity from then on, by one subscription', async () => {
    const w = world({ syncOnCreate: false })
    w.cache.start().getOrCreate('a', running())
    const { observer, told, listen } = observed(w)
    const target: Target = { cache: w.cache, id: 'a' }
    listen()
    observer.attach(target)
    const shown = observer.read(target)
    expect(shown.nextRefreshAt).toBe(1_001_000)
    expect(shown.unchangedCount).toBe(0)
    await w.clock.advance(0)
    expect(w.cache.stats().subscribers).toBe(1)
    expect(told).toEqual([0, 0])
    await w.clock.advance(1000)
    expect(told).toContain(1000)
    expect(observer.read(target).unchangedCount).toBe(1)
  })

  it('A3, A6: reading activity subscribes to nothing if it was detached meanwhile', async () => {
    const w = withA()
    const { observer, listen } = observed(w)
    const target: Target = { cache: w.cache, id: 'a' }
    const end = listen()
    observer.attach(target)
    void observer.read(target).isRefreshing
    end()
    await w.clock.advance(0)
    expect(w.cache.stats().subscribers).toBe(0)
  })
})

describe('an observer that is attached before anybody listens', () => {
  it('A2: creates and subscribes when somebody does, to what it was attached to last', () => {
    const w = world()
    w.cache.start()
    const { observer, listen } = observed(w)
    observer.attach({ cache: w.cache, id: 'a', initialItem: running() })
    observer.attach({ cache: w.cache, id: 'b', initialItem: running() })
    expect(w.cache.stats()).toMatchObject({ size: 0, subscribers: 0 })
    const end = listen()
    expect([...w.cache.ids()]).toEqual(['b'])
    expect(w.cache.stats().subscribers).toBe(1)
    end()
    expect(w.cache.stats().subscribers).toBe(0)
  })

  it('A2: if creating the item throws, listening throws, and nothing is subscribed to', () => {
    const admit = (id: string): void => {
      throw new Error(`no room for ${id}`)
    }
    const w = world({ policies: [() => ({ admit })] })
    const { observer, listen } = observed(w)
    observer.attach({ cache: w.cache, id: 'a', initialItem: running() })
    expect(listen).toThrow('no room for a')
    expect(w.cache.stats()).toMatchObject({ size: 0, subscribers: 0 })
  })
})
