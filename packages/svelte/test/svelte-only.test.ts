import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
} from '@auto-refresh/svelte'
import { flushSync } from 'svelte'
import { describe, expect, it } from 'vitest'
import { arrayOf, derivedOf, follow, stateOf } from './effects.svelte.ts'

interface Step {
  readonly step: number
}

function newCache<Item = Step>(): InMemoryAutoRefresh<Item> {
  return new InMemoryAutoRefresh<Item>({ interval: 1000, sync: () => [] })
}

async function drawn(): Promise<void> {
  await new VirtualClock().advance(0)
  flushSync()
}

describe('outside of components', () => {
  it('A1: making it and reading it outside of effects shows the value of the moment, and subscribes to nothing', async () => {
    const cache = newCache()
    cache.getOrCreate('a', { step: 1 })
    const job = useAutoRefreshItem(cache, () => 'a')
    const absent = useAutoRefreshItem(cache, () => 'b')
    const all = [
      job,
      absent,
      useAutoRefreshIds(cache),
      useAutoRefreshStatus(cache),
      useAutoRefreshItems(cache, () => ['c']),
    ]
    expect(job.current.item).toEqual({ step: 1 })
    expect(absent.current.status).toBe('pending')
    cache.update('a', { step: 2 })
    expect(job.current.item).toEqual({ step: 2 })
    for (const shown of all) void shown.current
    await drawn()
    expect(cache.stats()).toMatchObject({ size: 1, subscribers: 0 })
    expect(cache.isRunning).toBe(false)
  })

  it('A12: a module may share one: it is subscribed to while an effect reads it, and once', async () => {
    const cache = newCache()
    const job = useAutoRefreshItem(cache, () => 'a', { initialItem: { step: 1 } })
    const first = follow(() => job.current.item?.step)
    const second = follow(() => job.current.item?.step)
    expect(cache.stats().subscribers).toBe(1)
    expect(cache.isRunning).toBe(true)
    first.end()
    await drawn()
    cache.update('a', { step: 2 })
    await drawn()
    expect([first.seen, second.seen]).toEqual([[1], [1, 2]])
    second.end()
    await drawn()
    expect(cache.stats().subscribers).toBe(0)
    expect(cache.isRunning).toBe(false)
    const third = follow(() => job.current.item?.step)
    expect(third.seen).toEqual([2])
    expect(cache.stats().subscribers).toBe(1)
    third.end()
  })

  it('A12: an id that changed while nobody read is not subscribed to', async () => {
    const cache = newCache()
    const id = stateOf('a')
    const job = useAutoRefreshItem(cache, () => id.value)
    const first = follow(() => job.current.status)
    first.end()
    await drawn()
    cache.clear()
    id.value = 'b'
    const second = follow(() => job.current.status)
    expect([...cache.ids()]).toEqual(['b'])
    expect(cache.stats().subscribers).toBe(1)
    second.end()
  })

  it('A2: a reading whose id is refused throws, and the other readers are told of changes as before', async () => {
    let id = 'a'
    const admit = (one: string): void => {
      if (one === 'b') throw new Error('no room')
    }
    const cache = new InMemoryAutoRefresh<Step>({
      interval: 1000,
      sync: () => [],
      policies: [() => ({ admit })],
    })
    cache.getOrCreate('a', { step: 1 })
    const job = useAutoRefreshItem(cache, () => id)
    const reader = follow(() => job.current.item?.step)
    id = 'b'
    expect(() => job.current).toThrow('no room')
    id = 'a'
    cache.update('a', { step: 2 })
    await drawn()
    expect(reader.seen).toEqual([1, 2])
    reader.end()
  })

  it('A12: a `$derived` subscribes for the effects that read it', async () => {
    const cache = newCache()
    const job = useAutoRefreshItem(cache, () => 'a', { initialItem: { step: 1 } })
    const isFar = derivedOf(() => (job.current.item?.step ?? 0) > 2)
    const { seen, end } = follow(() => isFar.value)
    expect(cache.stats().subscribers).toBe(1)
    for (const step of [2, 3, 4]) {
      cache.update('a', { step })
      await drawn()
    }
    expect(seen).toEqual([false, true])
    end()
    await drawn()
    expect(cache.stats().subscribers).toBe(0)
    cache.update('a', { step: 0 })
    expect(isFar.value).toBe(false)
  })

  it('A5: reading between a change and its telling gives the new value, and the others are told, too', async () => {
    const cache = newCache()
    const job = useAutoRefreshItem(cache, () => 'a', { initialItem: { step: 1 } })
    const list = useAutoRefreshItems(cache, () => ['a'])
    const first = follow(() => job.current.item?.step)
    const elements = follow(() => list.current[0]?.item?.step)
    cache.update('a', { step: 2 })
    expect(job.current.item?.step).toBe(2)
    void list.current
    const second = follow(() => job.current.item?.step)
    await drawn()
    expect(first.seen).toEqual([1, 2])
    expect(elements.seen).toEqual([1, 2])
    expect(second.seen.at(-1)).toBe(2)
    for (const { end } of [first, second, elements]) end()
  })

  it('A7: a value is shown that equals the one before the id changed', async () => {
    const cache = newCache()
    cache.getOrCreate('a', { step: 1 })
    cache.getOrCreate('b', { step: 5 })
    const id = stateOf('a')
    const enabled = stateOf(false)
    const job = useAutoRefreshItem(cache, () => id.value, {
      get enabled() {
        return enabled.value
      },
      select: ({ item }) => item?.step,
    })
    const { seen, end } = follow(() => job.current)
    cache.update('a', { step: 2 })
    id.value = 'b'
    await drawn()
    enabled.value = true
    await drawn()
    cache.update('b', { step: 1 })
    await drawn()
    expect(seen.at(-1)).toBe(1)
    end()
  })

  it('A10: an array of `$state` that is changed in place is followed', async () => {
    const cache = newCache()
    const ids = arrayOf('a')
    const list = useAutoRefreshItems(cache, () => ids, { select: (_, id) => id })
    const { seen, end } = follow(() => list.current.join())
    ids.push('b')
    await drawn()
    ids[0] = 'c'
    await drawn()
    expect(seen).toEqual(['a', 'a,b', 'c,b'])
    expect(cache.stats().subscribers).toBe(2)
    end()
  })

  it('A6: a `select` may read state, and runs again when that changes', async () => {
    const cache = newCache()
    cache.getOrCreate('a', { step: 2 })
    const factor = stateOf(1)
    const select = ({ item }: { readonly item?: Step | undefined }): number =>
      (item?.step ?? 0) * factor.value
    const one = useAutoRefreshItem(cache, () => 'a', { select })
    const list = useAutoRefreshItems(cache, () => ['a'], { select })
    const { seen, end } = follow(() => [one.current, ...list.current].join())
    factor.value = 10
    await drawn()
    cache.update('a', { step: 3 })
    await drawn()
    factor.value = 100
    await drawn()
    expect(seen.at(-1)).toBe('300,300')
    expect(seen.slice(0, 2)).toEqual(['2,2', '20,20'])
    end()
  })

  it('A11: a reader that catches an error of `select` is told when the item changes again', async () => {
    const cache = newCache()
    cache.getOrCreate('a', { step: 0 })
    const job = useAutoRefreshItem(cache, () => 'a', {
      select: ({ item }) => {
        if (item?.step === 1) throw new Error('select')
        return item?.step
      },
    })
    const { seen, end } = follow(() => {
      try {
        return job.current
      } catch {
        return 'an error'
      }
    })
    for (const step of [1, 2]) {
      cache.update('a', { step })
      await drawn()
    }
    expect(seen).toEqual([0, 'an error', 2])
    end()
  })

  it('A15: items are shown as they are, and get no proxies', () => {
    class Thing {
      readonly name = 'thing'
    }
    const thenable = Object.fromEntries([['then', 'no promise']])
    for (const item of [() => 'called', thenable, Object.freeze({ a: 1 }), new Thing(), { deep: {} }]) {
      const cache = newCache<unknown>()
      cache.getOrCreate('a', item)
      const { seen, end } = follow(() => [
        useAutoRefreshItem(cache, () => 'a').current.item,
        useAutoRefreshItems(cache, () => ['a']).current[0]?.item,
        useAutoRefreshItem(cache, () => 'a', { select: (snapshot) => snapshot.item }).current,
      ])
      for (const shown of seen[0] ?? []) expect(shown).toBe(item)
      end()
    }
  })
})
