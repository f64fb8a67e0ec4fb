import type { ItemSnapshot } from '@auto-refresh/core'
import { ItemsObserver } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { done, noteSubscriptions, running, world, type Job, type World } from './world.ts'

const ids = ['a', 'b', 'c']

const withItems = (): World<Job> => {
  const w = world({ syncOnCreate: false })
  for (const id of ids) w.cache.getOrCreate(id, running())
  return w
}

const step = ({ item }: ItemSnapshot<Job>): number | undefined => item?.step

function observed<Shown = unknown>(w: World<Job>) {
  const observer = new ItemsObserver<Job, Shown>()
  const told: number[] = []
  return { observer, told, listen: () => observer.listen(() => told.push(w.clock.now())) }
}

describe('the snapshots of an observer of a list', () => {
  it('A1: reading creates nothing, subscribes to nothing, counts nothing', () => {
    const { cache } = world()
    const observer = new ItemsObserver<Job>()
    observer.read({ cache, ids })
    observer.attach({ cache, ids })
    expect(cache.stats()).toMatchObject({ size: 0, hits: 0, misses: 0, subscribers: 0 })
  })

  it('A10: the list and its elements keep their references while nothing but activity changes', async () => {
    const { cache, clock } = withItems()
    cache.start()
    const observer = new ItemsObserver<Job>()
    const first = observer.read({ cache, ids })
    await clock.advance(1000)
    expect(cache.getSnapshot('a').unchangedCount).toBe(1)
    const later = observer.read({ cache, ids: [...ids] })
    expect(later).toBe(first)
    expect(later[0]?.unchangedCount).toBe(0)
  })

  it("A10: the elements of a list without `select` are the cache's own snapshots", () => {
    const { cache } = withItems()
    const observer = new ItemsObserver<Job>()
    const list = observer.read({ cache, ids })
    expect(list.map((each, index) => each === cache.getSnapshot(ids[index] ?? ''))).toEqual([
      true,
      true,
      true,
    ])
  })

  it('A10: an element that changes is another one, and so is the list; the others stay', () => {
    const { cache } = withItems()
    const observer = new ItemsObserver<Job>()
    const first = observer.read({ cache, ids })
    cache.update('b', done(1))
    const later = observer.read({ cache, ids })
    expect(later).not.toBe(first)
    expect(later.map((each, index) => each === first[index])).toEqual([true, false, true])
    expect(later[1]?.item).toEqual(done(1))
  })

  it('A10: elements that stay in a list of other ids keep their references', () => {
    const { cache } = withItems()
    const observer = new ItemsObserver<Job>()
    const [a, b] = observer.read({ cache, ids: ['a', 'b'] })
    const reversed = observer.read({ cache, ids: ['b', 'a'] })
    expect(reversed[0]).toBe(b)
    expect(reversed[1]).toBe(a)
    const shorter = observer.read({ cache, ids: ['b'] })
    expect(shorter).toHaveLength(1)
    expect(observer.read({ cache, ids: ['b', 'c'] })).toHaveLength(2)
  })

  it('A10: the same id twice is shown twice, and selected once', () => {
    const { cache } = withItems()
    const observer = new ItemsObserver<Job, number | undefined>()
    let count = 0
    const select = (snapshot: ItemSnapshot<Job>): number | undefined => {
      count += 1
      return step(snapshot)
    }
    expect(observer.read({ cache, ids: ['a', 'a'], select })).toEqual([0, 0])
    expect(count).toBe(1)
  })

  it('A6, A9: select is called again for another snapshot or by another function, and for nothing else', () => {
    const { cache } = withItems()
    const observer = new ItemsObserver<Job, number | undefined>()
    const seen: string[] = []
    const selectBy = (name: string) => (snapshot: ItemSnapshot<Job>) => {
      seen.push(`${name} ${String(snapshot.item?.step)}`)
      return step(snapshot)
    }
    const select = selectBy('first')
    const list = observer.read({ cache, ids: ['a', 'b'], select })
    observer.read({ cache, ids: ['a', 'b'], select })
    cache.update('a', running(1))
    expect(observer.read({ cache, ids: ['a', 'b'], select })).toEqual([1, 0])
    expect(observer.read({ cache, ids: ['b'], select: selectBy('second') })).toEqual([0])
    expect(seen).toEqual(['first 0', 'first 0', 'first 1', 'second 0'])
    expect(list).toEqual([0, 0])
  })

  it('A9, A10: `equals` compares no selected value with a snapshot if `select` comes or goes', () => {
    const { cache } = withItems()
    const observer = new ItemsObserver<Job, number>()
    const compared: number[] = []
    const selection = {
      select: ({ item }: ItemSnapshot<Job>) => item?.step ?? -1,
      equals: (previous: number, next: number) => compared.push(previous, next) > 0,
    }
    const target = { cache, ids: ['a'] }
    const whole = observer.read(target)
    expect(observer.read({ ...target, ...selection })).toEqual([0])
    expect(observer.read(target)).toEqual(whole)
    expect(compared).toEqual([])
  })

  it('A10: a selected element keeps its reference as long as equals holds', () => {
    const { cache } = withItems()
    const observer = new ItemsObserver<Job, { readonly even: boolean }>()
    const selection = {
      select: ({ item }: ItemSnapshot<Job>) => ({ even: (item?.step ?? 0) % 2 === 0 }),
      equals: (a: { even: boolean }, b: { even: boolean }) => a.even === b.even,
    }
    const first = observer.read({ cache, ids, ...selection })
    cache.update('a', running(2))
    expect(observer.read({ cache, ids, ...selection })).toBe(first)
    cache.update('a', running(3))
    expect(observer.read({ cache, ids, ...selection })[0]).toEqual({ even: false })
  })
})

describe('notifications of an observer of a list', () => {
  it('A10: a change of ids subscribes and unsubscribes only what differs', () => {
    const w = withItems()
    const order = noteSubscriptions(w.cache)
    const { cache } = w
    const { observer, listen } = observed(w)
    const end = listen()
    observer.attach({ cache, ids: ['a', 'b', 'a'] })
    observer.attach({ cache, ids: ['a', 'b'] })
    observer.attach({ cache, ids: ['b', 'c'] })
    expect(order).toEqual(['+a', '+b', '+c', '-a'])
    observer.attach({ cache, ids: ['c'], enabled: false })
    expect(order.slice(4)).toEqual(['-b', '-c'])
    observer.attach({ cache, ids: ['c'], enabled: true })
    end()
    expect(order.slice(6)).toEqual(['+c', '-c'])
    observer.attach({ cache, ids: ['c'] })
    expect(w.cache.stats().subscribers).toBe(0)
  })

  it('A7: with another cache all subscriptions are new, made before the old ones end', () => {
    const w = withItems()
    const other = withItems()
    const { observer, told, listen } = observed(w)
    listen()
    observer.attach({ cache: w.cache, ids })
    observer.attach({ cache: other.cache, ids })
    expect(w.cache.stats().subscribers).toBe(0)
    expect(other.cache.stats().subscribers).toBe(3)
    expect(told).toHaveLength(2)
    observer.attach({ cache: other.cache, ids })
    expect(told).toHaveLength(2)
  })

  it('A4: ended and listened to again, it subscribes again', () => {
    const w = withItems()
    const { observer, listen } = observed(w)
    const end = listen()
    observer.attach({ cache: w.cache, ids })
    end()
    expect(w.cache.stats().subscribers).toBe(0)
    listen()
    observer.attach({ cache: w.cache, ids })
    expect(w.cache.stats().subscribers).toBe(3)
  })

  it('A5: it is told at once where something is new, and not where nothing is', () => {
    const w = withItems()
    const { observer, told, listen } = observed(w)
    listen()
    observer.attach({ cache: w.cache, ids })
    expect(told).toHaveLength(1)
    observer.attach({ cache: w.cache, ids: ['a'] })
    observer.attach({ cache: w.cache, ids: [] })
    expect(told).toHaveLength(1)
  })

  it('A10: many changes of a turn are told once, and those of the next turn once more', async () => {
    const w = withItems()
    const { observer, told, listen } = observed(w)
    listen()
    observer.attach({ cache: w.cache, ids })
    for (const id of ids) w.cache.update(id, running(1))
    await w.clock.advance(0)
    expect(told).toHaveLength(2)
    w.cache.update('c', running(2))
    await w.clock.advance(0)
    expect(told).toHaveLength(3)
  })

  it('A3: a change that was not told yet is not told after the end', async () => {
    const w = withItems()
    const { observer, told, listen } = observed(w)
    const end = listen()
    observer.attach({ cache: w.cache, ids })
    w.cache.update('a', running(1))
    await Promise.resolve()
    end()
    await w.clock.advance(0)
    expect(told).toHaveLength(1)
  })

  it('A10: elements as they are have it told of no activity', async () => {
    const w = withItems()
    w.cache.start()
    const { observer, told, listen } = observed<ItemSnapshot<Job>>(w)
    listen()
    observer.attach({ cache: w.cache, ids })
    expect(observer.read({ cache: w.cache, ids })).toHaveLength(3)
    await w.clock.advance(3000)
    expect(told).toEqual([0])
  })

  it('A6, A10: a select that reads activity is told of it, by one subscription an id', async () => {
    const w = withItems()
    w.cache.start()
    const { observer, told, listen } = observed(w)
    const selection = { select: ({ unchangedCount }: ItemSnapshot<Job>) => unchangedCount }
    listen()
    observer.attach({ cache: w.cache, ids })
    observer.read({ cache: w.cache, ids, ...selection })
    await w.clock.advance(0)
    expect(w.cache.stats().subscribers).toBe(3)
    await w.clock.advance(1000)
    expect(told).toContain(1000)
    expect(observer.read({ cache: w.cache, ids, ...selection })).toEqual([1, 1, 1])
  })

  it('A6: a select that reads no activity is told of none', async () => {
    const w = withItems()
    w.cache.start()
    const { observer, told, listen } = observed(w)
    listen()
    observer.attach({ cache: w.cache, ids })
    observer.read({ cache: w.cache, ids, select: step })
    await w.clock.advance(3000)
    expect(told).toEqual([0])
  })

  it.each([
    ['before it was attached', false],
    ['and left at once', true],
  ])('A1, A3: activity that was read %s subscribes to nothing', async (_, isAttached) => {
    const w = withItems()
    const { observer, listen } = observed(w)
    const end = listen()
    if (isAttached) observer.attach({ cache: w.cache, ids })
    observer.read({ cache: w.cache, ids, select: ({ isRefreshing }) => isRefreshing })
    if (isAttached) end()
    await w.clock.advance(0)
    expect(w.cache.stats().subscribers).toBe(0)
  })
})

describe('an observer of a list that is attached before anybody listens', () => {
  it('A2: subscribes when somebody does, to what it was attached to last, and is told of changes', async () => {
    const w = withItems()
    const { observer, told, listen } = observed(w)
    observer.attach({ cache: w.cache, ids })
    observer.attach({ cache: w.cache, ids: ['a'] })
    expect(w.cache.stats().subscribers).toBe(0)
    const end = listen()
    expect(w.cache.stats().subscribers).toBe(1)
    const before = told.length
    w.cache.update('a', running(7))
    await w.clock.advance(0)
    expect(told).toHaveLength(before + 1)
    end()
    expect(w.cache.stats().subscribers).toBe(0)
  })
})

describe('a list whose ids are about to change', () => {
  it('A10: shows the new ids before it follows them, whatever changed of the others', async () => {
    const w = withItems()
    const { observer, listen } = observed<number | undefined>(w)
    const read = (...shown: string[]) => observer.read({ cache: w.cache, ids: shown, select: step })
    listen()
    observer.attach({ cache: w.cache, ids: ['a', 'b'] })
    expect(read('a', 'b')).toEqual([0, 0])
    w.cache.update('a', running(5))
    await w.clock.advance(0)
    expect(read('b', 'c')).toEqual([0, 0])
    expect(read('a', 'b')).toEqual([5, 0])
  })

  it('A10: ignores what a cache tells of an id that the list has left', async () => {
    const w = withItems()
    const listeners = new Map<string, () => void>()
    const subscribe = w.cache.subscribe.bind(w.cache)
    w.cache.subscribe = (id, listener, ...rest) => {
      listeners.set(id, listener)
      return subscribe(id, listener, ...rest)
    }
    const { observer, listen } = observed<number | undefined>(w)
    const read = (...shown: string[]) => observer.read({ cache: w.cache, ids: shown, select: step })
    listen()
    observer.attach({ cache: w.cache, ids: ['a', 'b'] })
    observer.attach({ cache: w.cache, ids: ['b'] })
    const list = read('b')
    listeners.get('a')?.()
    await w.clock.advance(0)
    expect(read('b')).toBe(list)
  })
})
