import { InMemoryAutoRefresh, type ItemId } from '@auto-refresh/core'
import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/vue'
import { describe, expect, it } from 'vitest'
import { effectScope, nextTick, reactive, ref, shallowRef, watchEffect } from 'vue'

interface Price {
  readonly amount: number
}

function newCache(count = 0): InMemoryAutoRefresh<Price> {
  const cache = new InMemoryAutoRefresh<Price>({ interval: 1_000_000, sync: () => [] })
  for (let index = 0; index < count; index++) cache.getOrCreate(`i${index}`, { amount: index })
  return cache
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTick()
}

/** Notes the ids whose snapshots are read from now on. */
function readsOf(cache: InMemoryAutoRefresh<Price>): ItemId[] {
  const reads: ItemId[] = []
  const getSnapshot = cache.getSnapshot.bind(cache)
  cache.getSnapshot = (id) => {
    reads.push(id)
    return getSnapshot(id)
  }
  return reads
}

describe('a `select` that reads refs', () => {
  it('A6: for an item, it runs again when they change, however often', async () => {
    const cache = newCache(1)
    const [unit, rate] = [ref('EUR'), ref(1)]
    const scope = effectScope()
    const price = scope.run(() =>
      useAutoRefreshItem(cache, 'i0', {
        select: ({ item }) => `${(item?.amount ?? 0) * rate.value} ${unit.value}`,
      }),
    )
    cache.update('i0', { amount: 10 })
    await settle()
    expect(price?.value).toBe('10 EUR')
    for (const [nextUnit, nextRate] of [
      ['USD', 2],
      ['GBP', 3],
      ['EUR', 1],
      ['USD', 2],
    ] as const) {
      unit.value = nextUnit
      rate.value = nextRate
      expect(price?.value).toBe(`${10 * nextRate} ${nextUnit}`)
    }
    cache.update('i0', { amount: 11 })
    await settle()
    expect(price?.value).toBe('22 USD')
    scope.stop()
  })

  it('A6: for an item, it runs again only if they changed, or a field of the item that it read', async () => {
    const cache = newCache(1)
    let runs = 0
    const scope = effectScope()
    const status = scope.run(() =>
      useAutoRefreshItem(cache, 'i0', {
        select: (snapshot) => {
          runs += 1
          return snapshot.status
        },
      }),
    )
    expect(status?.value).toBe('active')
    cache.update('i0', { amount: 5 })
    await settle()
    expect(status?.value).toBe('active')
    expect(runs).toBe(1)
    scope.stop()
  })

  it('A6: for a list, it runs again for all elements, also for those that did not change since', async () => {
    const cache = newCache(50)
    const ids = Array.from({ length: 50 }, (_, index) => `i${index}`)
    const unit = ref('EUR')
    const closed = reactive<Record<ItemId, boolean>>({})
    const scope = effectScope()
    const list = scope.run(() =>
      useAutoRefreshItems(cache, ids, {
        select: ({ item }, id) => (closed[id] === true ? 'closed' : `${item?.amount} ${unit.value}`),
      }),
    )
    expect(list?.value[49]).toBe('49 EUR')
    // More runs than elements, so that the readings of before are given up.
    for (let round = 0; round < 150; round++) {
      cache.update(`i${round % 10}`, { amount: round })
      await settle()
      expect(list?.value[round % 10]).toBe(`${round} EUR`)
    }
    unit.value = 'USD'
    expect(list?.value).toEqual(ids.map((_, index) => `${index < 10 ? 140 + index : index} USD`))
    closed['i30'] = true
    expect(list?.value[30]).toBe('closed')
    closed['i3'] = true
    expect(list?.value.filter((text) => text === 'closed')).toHaveLength(2)
    closed['i30'] = false
    expect(list?.value[30]).toBe('30 USD')
    scope.stop()
  })

  it('A6: for a list, it triggers watchers of the list', async () => {
    const cache = newCache(2)
    const unit = ref('EUR')
    const seen: string[] = []
    const scope = effectScope()
    scope.run(() => {
      const list = useAutoRefreshItems(cache, ['i0', 'i1'], {
        select: ({ item }) => `${item?.amount} ${unit.value}`,
      })
      watchEffect(() => seen.push(list.value.join()), { flush: 'sync' })
    })
    unit.value = 'USD'
    expect(seen).toEqual(['0 EUR,1 EUR', '0 USD,1 USD'])
    scope.stop()
    unit.value = 'GBP'
    expect(seen).toHaveLength(2)
  })

  it('A19: for a list, it runs in proportion to the number of changes', async () => {
    const cache = newCache(1000)
    const ids = Array.from({ length: 1000 }, (_, index) => `i${index}`)
    let runs = 0
    const scope = effectScope()
    const list = scope.run(() =>
      useAutoRefreshItems(cache, ids, {
        select: ({ item }) => {
          runs += 1
          return item?.amount
        },
      }),
    )
    expect(list?.value).toHaveLength(1000)
    await settle()
    runs = 0
    for (let round = 1; round <= 300; round++) {
      for (let index = 0; index < 10; index++)
        cache.update(`i${(round * 7 + index) % 1000}`, { amount: -round })
      await settle()
      expect(list?.value).toContain(-round)
    }
    // 3,000 changes; all are read anew at most once per thousand.
    expect(runs).toBeLessThan(3000 + 4 * 1000)
    scope.stop()
  })

  it('A14: reads the present item after its scope has ended', () => {
    const cache = newCache(1)
    const scope = effectScope()
    const list = scope.run(() => useAutoRefreshItems(cache, ['i0'], { select: ({ item }) => item?.amount }))
    scope.stop()
    expect(list?.value).toEqual([0])
  })
})

describe('the refs of a snapshot', () => {
  it('A6: `snapshot` is one ref of the whole, and changes when a field changes that was read of it', async () => {
    const cache = newCache(1)
    const scope = effectScope()
    const job = scope.run(() => useAutoRefreshItem(cache, 'i0'))
    const before = job?.snapshot.value
    expect(before?.status).toBe('active')
    cache.update('i0', { amount: 7 })
    await settle()
    expect(job?.snapshot.value).toBe(before)
    expect(job?.snapshot.value.item).toEqual({ amount: 7 })
    cache.update('i0', { amount: 8 })
    await settle()
    expect(job?.snapshot.value).not.toBe(before)
    scope.stop()
  })

  it('A6: a field that nobody reads costs nothing', async () => {
    const cache = newCache(1)
    const scope = effectScope()
    scope.run(() => {
      const { status, item } = useAutoRefreshItem(cache, 'i0')
      watchEffect(() => `${status.value} ${item.value?.amount}`, { flush: 'sync' })
    })
    const reads = readsOf(cache)
    cache.update('i0', { amount: 7 })
    await settle()
    expect(reads).toHaveLength(2)
    scope.stop()
  })

  it('A6: each is one ref, and all can be spread', () => {
    const cache = newCache(1)
    const scope = effectScope()
    scope.run(() => {
      const refs = useAutoRefreshItem(cache, 'i0')
      expect(refs.item).toBe(refs.item)
      const spread = { ...refs }
      const values = Object.entries(spread).map(([name, each]) => [name, each.value])
      expect(Object.fromEntries(values.filter(([name]) => name !== 'snapshot'))).toEqual({
        ...cache.getSnapshot('i0'),
      })
    })
    scope.stop()
  })

  it('A7: ids may be changed in place', async () => {
    const cache = newCache(2)
    const ids = ref(['i0'])
    const scope = effectScope()
    const list = scope.run(() => useAutoRefreshItems(cache, ids))
    expect(list?.value).toHaveLength(1)
    ids.value.push('i1')
    await settle()
    expect(list?.value.map(({ item }) => item?.amount)).toEqual([0, 1])
    expect(cache.stats().subscribers).toBe(2)
    scope.stop()
  })

  it('A2: options that are getters follow the id', async () => {
    const cache = newCache()
    const current = shallowRef({ id: 'x', amount: 1 })
    const scope = effectScope()
    scope.run(() =>
      useAutoRefreshItem(cache, () => current.value.id, {
        get initialItem() {
          return { amount: current.value.amount }
        },
      }),
    )
    current.value = { id: 'y', amount: 2 }
    await settle()
    expect([cache.get('x'), cache.get('y')]).toEqual([{ amount: 1 }, { amount: 2 }])
    scope.stop()
  })
})
