import type { ItemSnapshot } from '@auto-refresh/core'
import { ItemsObserver, type ItemsTarget } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { running, stepped, world, type Job, type World } from './world.ts'

type Target = ItemsTarget<Job>

function observed(w: World<Job>) {
  const observer = new ItemsObserver<Job>()
  const told: number[] = []
  return { observer, told, listen: () => observer.listen(() => told.push(w.clock.now())) }
}

const statuses = (list: readonly ItemSnapshot<Job>[]): string[] => list.map(({ status }) => status)

describe('a list that creates', () => {
  it('A2: shows absent ids as pending until it attaches, which creates them', async () => {
    const w = world({ answer: stepped })
    const { observer, listen } = observed(w)
    const target: Target = { cache: w.cache.start(), ids: ['a', 'b'], create: true }
    expect(statuses(observer.read(target))).toEqual(['pending', 'pending'])
    expect(w.cache.size).toBe(0)
    listen()
    observer.attach(target)
    expect([...w.cache.ids()]).toEqual(['a', 'b'])
    await w.clock.advance(0)
    expect(observer.read(target).map(({ item }) => item)).toEqual([running(1), running(1)])
  })

  it('A2: creates the ids that have an initial item, and shows those before', () => {
    const w = world()
    w.cache.start()
    const { observer, listen } = observed(w)
    const initialItem = (id: string): Job | undefined => (id === 'b' ? undefined : running(6))
    const target: Target = { cache: w.cache, ids: ['a', 'b', 'c'], initialItem }
    expect(statuses(observer.read(target))).toEqual(['active', 'missing', 'active'])
    listen()
    observer.attach(target)
    expect([...w.cache.ids()]).toEqual(['a', 'c'])
    expect(w.cache.get('c')).toEqual(running(6))
  })

  it('A9: initial items that are made anew by each call show as one list', () => {
    const { cache } = world()
    const observer = new ItemsObserver<Job>()
    const read = () => observer.read({ cache, ids: ['a', 'b'], initialItem: () => running() })
    expect(read()).toBe(read())
  })

  it('A2: with `enabled: false` it creates nothing and shows initial items', () => {
    const w = world()
    const { observer, listen } = observed(w)
    listen()
    const target: Target = { cache: w.cache, ids: ['a'], create: true, enabled: false }
    observer.attach(target)
    expect(statuses(observer.read(target))).toEqual(['missing'])
    const initialItem = (): Job => running(1)
    expect(statuses(observer.read({ ...target, initialItem }))).toEqual(['active'])
    expect(w.cache.stats()).toMatchObject({ size: 0, subscribers: 0 })
  })

  it('A2: if creating one throws, the subscriptions are as before', () => {
    const w = world()
    w.cache.start()
    const { observer, listen } = observed(w)
    listen()
    observer.attach({ cache: w.cache, ids: ['a'], create: true })
    const initialItem = (id: string): Job => (id === 'c' ? (null as unknown as Job) : running())
    expect(() => observer.attach({ cache: w.cache, ids: ['b', 'c'], initialItem })).toThrow(TypeError)
    expect(w.cache.stats().subscribers).toBe(1)
    w.cache.update('a', running(3))
    expect(w.cache.has('a')).toBe(true)
  })

  it('A2: an item deleted while shown is not created when the list is shown again; the others are', () => {
    const w = world()
    w.cache.start()
    const { observer, listen } = observed(w)
    const target: Target = { cache: w.cache, ids: ['a', 'b'], create: true }
    const end = listen()
    observer.attach(target)
    w.cache.delete('a')
    end()
    w.cache.delete('b')
    expect(statuses(observer.read(target))).toEqual(['missing', 'pending'])
    listen()
    observer.attach(target)
    expect([...w.cache.ids()]).toEqual(['b'])
    expect(w.cache.stats().subscribers).toBe(2)
  })

  it('A2, A6: a first reading of activity creates nothing again', async () => {
    const w = world()
    w.cache.start()
    const observer = new ItemsObserver<Job, boolean>()
    observer.listen(() => undefined)
    const target: Target = { cache: w.cache, ids: ['a', 'b'], create: true }
    observer.attach(target)
    w.cache.delete('a')
    observer.read({ ...target, select: ({ isRefreshing }) => isRefreshing })
    await w.clock.advance(0)
    expect([...w.cache.ids()]).toEqual(['b'])
    expect(w.cache.stats().subscribers).toBe(2)
  })
})

describe('the cost of a list', () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `i${index}`)

  /** An attached list, and the number of snapshots that were read of its cache. */
  function attached() {
    const w = world({ syncOnCreate: false })
    for (const id of ids) w.cache.getOrCreate(id, running())
    let reads = 0
    const read = w.cache.getSnapshot.bind(w.cache)
    w.cache.getSnapshot = (id) => {
      reads += 1
      return read(id)
    }
    const { observer, told, listen } = observed(w)
    const end = listen()
    const show = (shown: readonly string[] = ids) => observer.read({ cache: w.cache, ids: shown })
    observer.attach({ cache: w.cache, ids })
    show()
    reads = 0
    return { w, observer, told, listen, end, show, reads: () => reads }
  }

  it('A19: a reading reads what changed, once, and copies the list', async () => {
    const { w, show, reads } = attached()
    const before = show()
    for (const id of ['i3', 'i500']) w.cache.update(id, running(1))
    await w.clock.advance(0)
    const after = show()
    expect(show([...ids])).toBe(after)
    expect(reads()).toBe(2)
    expect(after.flatMap((each, index) => (each === before[index] ? [] : [index]))).toEqual([3, 500])
    expect(before[3]?.item).toEqual(running())
  })

  it('A10, A19: an id that is shown twice changes in both places', async () => {
    const { w, observer } = attached()
    const target: Target = { cache: w.cache, ids: ['i1', 'i2', 'i1'] }
    observer.attach(target)
    observer.read(target)
    w.cache.update('i1', running(5))
    await w.clock.advance(0)
    expect(observer.read(target).map(({ item }) => item?.step)).toEqual([5, 0, 5])
  })

  it('A10, A19: a change that `select` does not see is read, and the list stays as it is', async () => {
    const w = world()
    for (const id of ['a', 'b']) w.cache.getOrCreate(id, running())
    const observer = new ItemsObserver<Job, string>()
    observer.listen(() => undefined)
    const selection = { select: ({ status }: ItemSnapshot<Job>) => status }
    const target: Target = { cache: w.cache, ids: ['a', 'b', 'a'] }
    const before = observer.read({ ...target, ...selection })
    expect(before).toEqual(['active', 'active', 'active'])
    observer.attach(target)
    w.cache.update('a', running(1))
    await w.clock.advance(0)
    expect(observer.read({ ...target, ...selection })).toBe(before)
  })

  it('A19: one id more is one snapshot more, and one when it attaches', () => {
    const { w, observer, show, reads } = attached()
    w.cache.getOrCreate('new', running())
    const more = [...ids, 'new']
    expect(show(more)).toHaveLength(1001)
    expect(reads()).toBe(1)
    observer.attach({ cache: w.cache, ids: more })
    const list = show(more)
    expect(list).toBe(show(more))
    expect(reads()).toBe(2)
  })

  it('A5: a change before it attached is read', () => {
    const { w, observer, show } = attached()
    w.cache.getOrCreate('new', running())
    const more = [...ids, 'new']
    show(more)
    w.cache.update('new', running(8))
    observer.attach({ cache: w.cache, ids: more })
    expect(show(more).at(-1)?.item).toEqual(running(8))
  })

  it('A4, A5: a change while nobody listened is read', async () => {
    const { w, observer, listen, end, show } = attached()
    end()
    w.cache.update('i7', running(2))
    await w.clock.advance(0)
    expect(show()[7]?.item).toEqual(running(2))
    w.cache.update('i7', running(3))
    listen()
    observer.attach({ cache: w.cache, ids })
    expect(show()[7]?.item).toEqual(running(3))
  })

  it('A7: a change while an id was left is read', async () => {
    const { w, observer, show } = attached()
    observer.attach({ cache: w.cache, ids: ids.slice(1) })
    w.cache.update('i0', running(4))
    await w.clock.advance(0)
    observer.attach({ cache: w.cache, ids })
    expect(show()[0]?.item).toEqual(running(4))
  })

  it('A11: a change that `select` throws at is read again', async () => {
    const w = world()
    for (const id of ['a', 'b']) w.cache.getOrCreate(id, running())
    const observer = new ItemsObserver<Job, number>()
    observer.listen(() => undefined)
    const target: Target = { cache: w.cache, ids: ['a', 'b'] }
    let isBroken = false
    const selection = {
      select: ({ item }: ItemSnapshot<Job>, id: string) => {
        if (isBroken && id === 'b') throw new Error('of select')
        return item?.step ?? -1
      },
    }
    observer.attach(target)
    observer.read({ ...target, ...selection })
    for (const id of ['a', 'b']) w.cache.update(id, running(1))
    await w.clock.advance(0)
    isBroken = true
    expect(() => observer.read({ ...target, ...selection })).toThrow('of select')
    isBroken = false
    expect(observer.read({ ...target, ...selection })).toEqual([1, 1])
  })

  it('A7: it shows another cache that has the same ids, and then the first again', () => {
    const { w, show, observer } = attached()
    const other = world()
    other.cache.getOrCreate('i0', running(40))
    const shown = observer.read({ cache: other.cache, ids: ['i0'] })
    expect(shown[0]?.item).toEqual(running(40))
    expect(show()[0]).toBe(w.cache.getSnapshot('i0'))
  })
})

describe('a list whose `select` first reads activity while nobody listens', () => {
  it('A6: is subscribed to all ids, with activity, when listening resumes', async () => {
    const w = world({ syncOnCreate: false })
    w.cache.start().getOrCreate('a', running())
    const observer = new ItemsObserver<Job, number>()
    const told: number[] = []
    const listen = () => observer.listen(() => told.push(w.clock.now()))
    const target: Target = { cache: w.cache, ids: ['a'] }
    listen()()
    observer.read({ ...target, select: ({ unchangedCount }) => unchangedCount })
    observer.attach(target)
    await Promise.resolve()
    listen()
    expect(w.cache.stats().subscribers).toBe(1)
    await w.clock.advance(1000)
    expect(told).toContain(1000)
  })
})
