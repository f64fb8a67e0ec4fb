import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem } from '@auto-refresh/vue'
import { expect, it, vi } from 'vitest'
import type * as Vue from 'vue'
import { effectScope } from 'vue'

const made = vi.hoisted(() => ({ count: 0 }))

// The real Vue, which counts its computeds.
vi.mock('vue', async (load) => {
  const vue = await load<typeof Vue>()
  const computed = new Proxy(vue.computed, {
    apply(...call): unknown {
      made.count += 1
      return Reflect.apply(...call)
    },
  })
  return { ...vue, computed }
})

it('A6: a composable makes a computed for each ref that is read, and none for the others', () => {
  const cache = new InMemoryAutoRefresh<number>({ interval: 1000, sync: () => [] })
  cache.getOrCreate('a', 1)
  const scope = effectScope()
  scope.run(() => {
    const refs = useAutoRefreshItem(cache, 'a')
    // The computed of the id and the options.
    expect(made.count).toBe(1)
    expect([refs.status.value, refs.item.value, refs.item.value]).toEqual(['active', 1, 1])
    expect(made.count).toBe(3)
  })
  scope.stop()
})
