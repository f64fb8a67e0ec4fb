import { watch, type AutoRefresh } from '@auto-refresh/core'
import { IdsObserver, ItemObserver, type ItemTarget } from '@auto-refresh/core/adapter'
import { describe, expect, it } from 'vitest'
import { failed } from './scheduling.ts'
import { endOfTurn, running, world, type Job, type World } from './world.ts'

type Target = ItemTarget<Job>

/** An observer that listens, and how often it was told. */
function listening() {
  const observer = new ItemObserver<Job>()
  const told: string[] = []
  const end = observer.listen(() => told.push('told'))
  return { observer, told, end }
}

/** Keeps the listeners that the cache is given, and calls them although they have left. */
function talkative({ cache }: World<Job>): () => void {
  const listeners: (() => void)[] = []
  const subscribe = cache.subscribe.bind(cache)
  cache.subscribe = (id, listener, ...rest) => {
    listeners.push(listener)
    return subscribe(id, listener, ...rest)
  }
  const subscribeIds = cache.subscribeIds.bind(cache)
  cache.subscribeIds = (listener) => {
    listeners.push(listener)
    return subscribeIds(listener)
  }
  return () => listeners.forEach((listener) => listener())
}

describe('an item before its observer attaches', () => {
  it('A5: a pending item that failed is shown with its error, also by one that creates', async () => {
    const w = world({ answer: (batch) => batch.map(({ id }) => failed(id, new Error('busy'))) })
    w.cache.start().getOrCreate('a')
    await w.clock.advance(0)
    const shown = new ItemObserver<Job>().read({ cache: w.cache, id: 'a', create: true })
    expect(shown).toMatchObject({ status: 'pending', error: new Error('busy'), failureCount: 1 })
  })

  it('A2: an absent item is shown as pending only while the observer is enabled', () => {
    const { cache } = world()
    const observer = new ItemObserver<Job>()
    const read = (enabled: boolean) => observer.read({ cache, id: 'a', create: true, enabled }).status
    expect([read(true), read(false), read(true)]).toEqual(['pending', 'missing', 'pending'])
  })

  it('A2: the initial item of an absent item is shown only while the observer is to create it', () => {
    const { cache } = world()
    const observer = new ItemObserver<Job>()
    const initialItem = running(3)
    const read = (create: boolean) => observer.read({ cache, id: 'a', initialItem, create }).status
    expect([read(true), read(false), read(true)]).toEqual(['active', 'missing', 'active'])
  })
})

describe('attaching', () => {
  it('A5, A7: another item that was not read yet is told, though it looks like the one before', () => {
    const { cache } = world()
    for (const id of ['a', 'b']) cache.getOrCreate(id, running())
    const { observer, told } = listening()
    expect(observer.read({ cache, id: 'a' }).status).toBe('active')
    observer.attach({ cache, id: 'a' })
    expect(told).toEqual([])
    observer.attach({ cache, id: 'b' })
    expect(told).toEqual(['told'])
  })

  it('L8, A12: another item does not start a cache that the application stopped meanwhile', async () => {
    const { cache } = world()
    const { observer } = listening()
    observer.attach({ cache, id: 'a' })
    await cache.stop()
    observer.attach({ cache, id: 'b' })
    expect(cache.isRunning).toBe(false)
    expect(cache.stats().subscribers).toBe(1)
  })

  it('G2, A6: an item whose activity was first read later is created again after a clear', async () => {
    const { cache } = world()
    const { observer } = listening()
    const target: Target = { cache, id: 'a', create: true }
    observer.attach(target)
    void observer.read(target).isRefreshing
    await endOfTurn()
    await cache.stop()
    cache.clear()
    expect(cache.has('a')).toBe(false)
    cache.start()
    expect(cache.getSnapshot('a').status).toBe('pending')
  })
})

describe('an observer that has ended', () => {
  it('A3: tells nothing, whatever a cache tells it', () => {
    const w = world()
    const tellAll = talkative(w)
    const { observer, told, end } = listening()
    observer.attach({ cache: w.cache, id: 'a' })
    const ids = new IdsObserver<Job>()
    const endIds = ids.listen(() => told.push('told'))
    ids.attach(w.cache)
    told.splice(0)
    tellAll()
    expect(told).toEqual(['told', 'told'])
    end()
    endIds()
    tellAll()
    expect(told).toEqual(['told', 'told'])
  })

  it('A3: may never have been attached', () => {
    const { cache } = world()
    const observer = new IdsObserver<Job>()
    observer.listen(() => undefined)()
    observer.listen(() => undefined)
    observer.attach(cache)
    expect(cache.isRunning).toBe(true)
  })

  it('A2: ending it twice is ending it once: what was missing then is not created', () => {
    const { cache } = world()
    const { observer, end } = listening()
    const target: Target = { cache: cache.start(), id: 'a', create: true }
    observer.attach(target)
    cache.delete('a')
    end()
    end()
    observer.listen(() => undefined)
    expect(observer.read(target).status).toBe('missing')
    expect(cache.has('a')).toBe(false)
  })
})

describe('the ids of a cache', () => {
  it('A16: are another array if the last one goes', () => {
    const { cache } = world()
    for (const id of ['a', 'b', 'c']) cache.getOrCreate(id, running())
    const observer = new IdsObserver<Job>()
    expect(observer.read(cache)).toEqual(['a', 'b', 'c'])
    cache.delete('c')
    expect(observer.read(cache)).toEqual(['a', 'b'])
    for (const id of ['a', 'b']) cache.delete(id)
    expect(observer.read(cache)).toEqual([])
  })
})

describe('a signal over a cache without a seam', () => {
  it('O5, O6: is left when the reader leaves', async () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    const bare: AutoRefresh<Job> = new Proxy(cache, {
      get(target, key): unknown {
        const value: unknown = key === 'adapterSeam' ? undefined : Reflect.get(target, key)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const { signal } = new AbortController()
    const order: string[] = []
    const listen = signal.addEventListener.bind(signal)
    const leave = signal.removeEventListener.bind(signal)
    Object.assign(signal, {
      addEventListener(...args: Parameters<typeof listen>) {
        order.push(`+${args[0]}`)
        listen(...args)
      },
      removeEventListener(...args: Parameters<typeof leave>) {
        order.push(`-${args[0]}`)
        leave(...args)
      },
    })
    for await (const item of watch(bare, 'a', { signal })) {
      expect(item).toEqual(running())
      expect(order).toEqual(['+abort'])
      break
    }
    expect(order).toEqual(['+abort', '-abort'])
  })
})
