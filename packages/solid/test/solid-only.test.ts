import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { useAutoRefreshItem, useAutoRefreshItems, useAutoRefreshStatus } from '@auto-refresh/solid'
import { batch, createEffect, createRoot, createSignal, sharedConfig } from 'solid-js'
import { createStore } from 'solid-js/store'
import { describe, expect, it } from 'vitest'

interface Step {
  readonly step: number
}

function newCache<Item = Step>(): InMemoryAutoRefresh<Item> {
  return new InMemoryAutoRefresh<Item>({ interval: 1000, sync: () => [] })
}

const drawn = (): Promise<void> => new VirtualClock().advance(0)

/** Runs an effect in an owner. Returns what it has read, and disposes of the owner when asked to. */
function follow<Value>(make: () => () => Value): {
  readonly seen: readonly Value[]
  readonly end: () => void
} {
  const seen: Value[] = []
  const end = createRoot((dispose) => {
    const read = make()
    createEffect(() => void seen.push(read()))
    return dispose
  })
  return { seen, end }
}

describe('Solid alone', () => {
  it('A2, A3: it subscribes from the mounting of its owner to the disposal of that', async () => {
    const cache = newCache()
    let isSubscribed: boolean | undefined
    const { seen, end } = follow(() => {
      const job = useAutoRefreshItem(cache, () => 'a', { initialItem: { step: 1 } })
      isSubscribed = cache.stats().subscribers > 0
      return () => job().item?.step
    })
    expect(isSubscribed).toBe(false)
    expect(cache.stats().subscribers).toBe(1)
    expect(cache.isRunning).toBe(true)
    cache.update('a', { step: 2 })
    await drawn()
    expect(seen).toEqual([1, 2])
    end()
    await drawn()
    expect(cache.stats().subscribers).toBe(0)
    expect(cache.isRunning).toBe(false)
  })

  it('A6: only what reads a field that changed runs again, with a memo or without', async () => {
    const cache = newCache()
    cache.getOrCreate('a', { step: 1 })
    const { seen, end } = follow(() => {
      const job = useAutoRefreshItem(cache, () => 'a')
      return () => job().status
    })
    cache.update('a', { step: 2 })
    await drawn()
    expect(seen).toEqual(['active'])
    cache.delete('a')
    await drawn()
    expect(seen).toEqual(['active', 'missing'])
    end()
  })

  it('A5, A7: in a batch, the id and its options change at once', async () => {
    const cache = newCache()
    cache.getOrCreate('b', { step: 2 })
    const [id, setId] = createSignal('a')
    const [isOpen, setIsOpen] = createSignal(false)
    const { seen, end } = follow(() => {
      const job = useAutoRefreshItem(cache, id, {
        get enabled() {
          return isOpen()
        },
      })
      return () => `${job().status} ${job().item?.step}`
    })
    batch(() => {
      setId('b')
      setIsOpen(true)
    })
    expect(seen).toEqual(['missing undefined', 'active 2'])
    expect(cache.has('a')).toBe(false)
    expect(cache.stats().subscribers).toBe(1)
    end()
  })

  it('A10: an array of a store that is changed in place is followed', async () => {
    const cache = newCache()
    const [page, setPage] = createStore({ ids: ['a'] })
    const { seen, end } = follow(() => {
      const list = useAutoRefreshItems(cache, () => page.ids, { select: (_, id) => id })
      return () => list().join()
    })
    setPage('ids', 1, 'b')
    setPage('ids', 0, 'c')
    await drawn()
    expect(seen).toEqual(['a', 'a,b', 'c,b'])
    expect(cache.stats().subscribers).toBe(2)
    end()
  })

  it('A6: a `select` may read signals, and runs again when they change, however often', async () => {
    const cache = newCache()
    cache.getOrCreate('a', { step: 2 })
    const [factor, setFactor] = createSignal(1)
    const select = ({ item }: { readonly item?: Step | undefined }): number => (item?.step ?? 0) * factor()
    const { seen, end } = follow(() => {
      const one = useAutoRefreshItem(cache, () => 'a', { select })
      const list = useAutoRefreshItems(cache, () => ['a'], { select })
      return () => [one(), ...list()].join()
    })
    setFactor(10)
    cache.update('a', { step: 3 })
    await drawn()
    setFactor(100)
    expect(seen.slice(0, 2)).toEqual(['2,2', '20,20'])
    expect(seen.at(-1)).toBe('300,300')
    end()
  })

  it('A13: after the hydration of a page, what is mounted shows what the cache has at once', () => {
    const cache = newCache()
    cache.getOrCreate('a', { step: 1 })
    // As Solid leaves it.
    Object.assign(sharedConfig, { context: null })
    const { seen, end } = follow(() => {
      const job = useAutoRefreshItem(cache, () => 'a')
      return () => job().status
    })
    expect(seen).toEqual(['active'])
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
      const { seen, end } = follow(() => {
        const one = useAutoRefreshItem(cache, () => 'a')
        const list = useAutoRefreshItems(cache, () => ['a'])
        const selected = useAutoRefreshItem(cache, () => 'a', { select: (snapshot) => snapshot.item })
        return () => [one().item, list()[0]?.item, selected()]
      })
      for (const shown of seen[0] ?? []) expect(shown).toBe(item)
      end()
    }
  })

  it('A17: showing the status keeps no cache running', () => {
    const cache = newCache()
    const { seen, end } = follow(() => {
      const status = useAutoRefreshStatus(cache)
      return () => status().state
    })
    expect(seen).toEqual(['stopped'])
    expect(cache.isRunning).toBe(false)
    end()
  })
})
