import type { ItemSnapshot } from '@auto-refresh/core'
import { ItemsObserver, type ItemsTarget } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { failed } from './scheduling.ts'
import { running, world, type Job, type World } from './world.ts'

type Target = ItemsTarget<Job>

const statuses = (list: readonly ItemSnapshot<Job>[]): string[] => list.map(({ status }) => status)
const step = ({ item }: ItemSnapshot<Job>): number => item?.step ?? -1

/** A cache with `a`, `b` and `c` at step 0, which does not run. */
function filled(): World<Job> {
  const w = world({ syncOnCreate: false })
  for (const id of ['a', 'b', 'c']) w.cache.getOrCreate(id, running())
  return w
}

/** An observer that listens, and how often it was told. */
function listening<Selected = never>() {
  const observer = new ItemsObserver<Job, Selected>()
  const told: string[] = []
  const end = observer.listen(() => told.push('told'))
  return { observer, told, end }
}

describe('an attached list', () => {
  it('A6, A9: another `select` is shown at once, though no item changed', () => {
    const { cache } = filled()
    const { observer } = listening<number>()
    const target: Target = { cache, ids: ['a', 'b'] }
    observer.attach(target)
    expect(observer.read({ ...target, select: step })).toEqual([0, 0])
    const select = (snapshot: ItemSnapshot<Job>): number => step(snapshot) + 10
    expect(observer.read({ ...target, select })).toEqual([10, 10])
    expect(observer.read({ ...target, select: step })).toEqual([0, 0])
  })

  it('A6, A9: another `select` is shown at once, though the ids change, too', () => {
    const { cache } = filled()
    const { observer } = listening<number>()
    observer.attach({ cache, ids: ['a', 'b'] })
    expect(observer.read({ cache, ids: ['a', 'b'], select: step })).toEqual([0, 0])
    const select = (snapshot: ItemSnapshot<Job>): number => step(snapshot) + 10
    expect(observer.read({ cache, ids: ['b', 'a', 'c'], select })).toEqual([10, 10, 10])
  })

  it('A6: without its `select` it shows the snapshots again, whatever that had returned', () => {
    const { cache } = filled()
    const { observer } = listening<null>()
    const target: Target = { cache, ids: ['a'] }
    observer.attach(target)
    expect(observer.read({ ...target, select: () => null })).toEqual([null])
    expect(observer.read(target)).toEqual([cache.getSnapshot('a')])
  })

  it('A5, A7: ids that it does not follow yet are shown as they are at each reading', async () => {
    const w = filled()
    const { observer } = listening<number>()
    observer.attach({ cache: w.cache, ids: ['a', 'b'] })
    const read = () => observer.read({ cache: w.cache, ids: ['b', 'c'], select: step })
    expect(read()).toEqual([0, 0])
    w.cache.update('c', running(4))
    await w.clock.advance(0)
    expect(read()).toEqual([0, 4])
  })

  it('A10: an id that some readings leave out is shown again', () => {
    const { cache } = filled()
    const { observer } = listening<number>()
    const read = (...ids: string[]) => observer.read({ cache, ids, select: step })
    observer.attach({ cache, ids: ['a', 'b'] })
    expect(read('a', 'b')).toEqual([0, 0])
    expect(read('b')).toEqual([0])
    expect(read('a', 'b')).toEqual([0, 0])
  })

  it('A10: an id that comes to the same array, or leaves it, is noticed', () => {
    const { cache } = filled()
    const { observer } = listening<number>()
    const ids = ['a', 'b']
    const read = () => observer.read({ cache, ids, select: step })
    expect(read()).toEqual([0, 0])
    ids.push('c')
    expect(read()).toEqual([0, 0, 0])
    ids.splice(0, 2)
    expect(read()).toEqual([0])
  })
})

describe('the cost of an attached list', () => {
  it('A19: the same array of ids is not looked at again', async () => {
    const w = filled()
    let looks = 0
    const ids = new Proxy(['a', 'b', 'c'], {
      get(target, name): unknown {
        if (name !== 'length') looks += 1
        return Reflect.get(target, name)
      },
    })
    const { observer } = listening<number>()
    const read = () => observer.read({ cache: w.cache, ids, select: step })
    expect(read()).toEqual([0, 0, 0])
    observer.attach({ cache: w.cache, ids })
    looks = 0
    w.cache.update('b', running(2))
    await w.clock.advance(0)
    expect(read()).toEqual([0, 2, 0])
    observer.attach({ cache: w.cache, ids })
    expect(looks).toBe(0)
  })
})

describe('when a list attaches', () => {
  it('A5: it is told if one of the ids was not in what was read', () => {
    const { cache } = filled()
    const { observer, told } = listening()
    observer.read({ cache, ids: ['a'] })
    observer.attach({ cache, ids: ['a', 'b'] })
    expect(told).toEqual(['told'])
  })

  it('A6, A10: it is not told if only activity changed since it was read', async () => {
    const w = filled()
    w.cache.start()
    const { observer, told } = listening()
    const target: Target = { cache: w.cache, ids: ['a', 'b'] }
    observer.read(target)
    await w.clock.advance(5000)
    expect(w.cache.getSnapshot('a').unchangedCount).toBeGreaterThan(0)
    observer.attach(target)
    expect(told).toEqual([])
  })

  it('A5, A6: with a `select` that reads activity, it is told only if that changed', async () => {
    for (const isChanged of [false, true]) {
      const w = filled()
      w.cache.start()
      const { observer, told } = listening<number>()
      const target: Target = { cache: w.cache, ids: ['a', 'b'] }
      observer.read({ ...target, select: ({ unchangedCount }) => unchangedCount })
      if (isChanged) await w.clock.advance(5000)
      observer.attach(target)
      expect(told).toEqual(isChanged ? ['told'] : [])
    }
  })
})

describe('a list before it attaches', () => {
  it('P1, A2: shows pending items with their initial items; disabled, it shows them as pending', () => {
    const { cache } = world()
    cache.getOrCreate('a')
    const observer = new ItemsObserver<Job>()
    const target: Target = { cache, ids: ['a'], initialItem: () => running(4) }
    expect(observer.read(target)).toMatchObject([{ status: 'active', item: running(4) }])
    expect(observer.read({ ...target, enabled: false })).toMatchObject([
      { status: 'pending', item: undefined },
    ])
  })

  it('A2: shows absent ids as pending only while it is enabled', () => {
    const { cache } = world()
    const observer = new ItemsObserver<Job>()
    const read = (enabled: boolean) => statuses(observer.read({ cache, ids: ['a'], create: true, enabled }))
    expect([read(true), read(false), read(true)]).toEqual([['pending'], ['missing'], ['pending']])
  })

  it('A2: shows absent ids as pending only while it is to create them', () => {
    const { cache } = world()
    const observer = new ItemsObserver<Job>()
    const read = (create: boolean) => statuses(observer.read({ cache, ids: ['a'], create }))
    expect([read(true), read(false), read(true)]).toEqual([['pending'], ['missing'], ['pending']])
  })

  it('A2: shows initial items only while it has some', () => {
    const { cache } = world()
    const observer = new ItemsObserver<Job>()
    const read = (initialItem?: () => Job) => statuses(observer.read({ cache, ids: ['a'], initialItem }))
    expect(read(running)).toEqual(['active'])
    expect(read()).toEqual(['missing'])
    expect(read(running)).toEqual(['active'])
  })

  it('A2, A7: shows what it will create though it follows other ids, or another cache', () => {
    const { cache } = world()
    const other = world()
    const { observer } = listening()
    observer.attach({ cache, ids: ['a'] })
    expect(statuses(observer.read({ cache, ids: ['a', 'b'], create: true }))).toEqual(['missing', 'pending'])
    expect(statuses(observer.read({ cache: other.cache, ids: ['a'], create: true }))).toEqual(['pending'])
  })

  it('A13: shows initial items in its first frame, in a cache that was never hydrated', () => {
    const { cache } = world()
    cache.getOrCreate('a', running(5))
    const list = new ItemsObserver<Job>().readInitial({ cache, ids: ['a'], initialItem: () => running(2) })
    expect(list).toMatchObject([{ status: 'active', item: running(2) }])
  })
})

describe('a list that ends', () => {
  it('A2: ending it twice is ending it once: what was missing then is not created', () => {
    const { cache } = world()
    cache.start()
    const { observer, end } = listening()
    const target: Target = { cache, ids: ['a'], create: true }
    observer.attach(target)
    cache.delete('a')
    end()
    end()
    observer.listen(() => undefined)
    expect(statuses(observer.read(target))).toEqual(['missing'])
    expect(cache.has('a')).toBe(false)
  })

  it('L8, A12: other ids do not start a cache that the application stopped meanwhile', async () => {
    const { cache } = world()
    const { observer } = listening()
    observer.attach({ cache, ids: ['a'] })
    await cache.stop()
    observer.attach({ cache, ids: ['a', 'b'] })
    expect(cache.isRunning).toBe(false)
    expect(cache.stats().subscribers).toBe(2)
  })
})

describe('pending items that failed', () => {
  it('A5: are shown with their errors before the list attaches', async () => {
    const w = world({ answer: (batch) => batch.map(({ id }) => failed(id, new Error('busy'))) })
    w.cache.start().getOrCreate('a')
    await w.clock.advance(0)
    const [shown] = new ItemsObserver<Job>().read({ cache: w.cache, ids: ['a'] })
    expect(shown).toMatchObject({ status: 'pending', error: new Error('busy'), failureCount: 1 })
  })
})

describe('a list that creates, before it attaches', () => {
  it('A5: shows a pending item that failed with its error', async () => {
    const w = world({ answer: (batch) => batch.map(({ id }) => failed(id, new Error('busy'))) })
    w.cache.start().getOrCreate('a')
    await w.clock.advance(0)
    const [shown] = new ItemsObserver<Job>().read({ cache: w.cache, ids: ['a'], create: true })
    expect(shown).toMatchObject({ status: 'pending', error: new Error('busy'), failureCount: 1 })
  })
})
