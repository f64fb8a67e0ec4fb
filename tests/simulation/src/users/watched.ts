import type { AutoRefresh } from '@auto-refresh/core'
import type { Item } from '../script.ts'

/** The cache as `mutate` sees it. `putBack` is called before an update that follows a refresh that failed (W15). */
export function watched(cache: AutoRefresh<Item>, putBack: () => void): AutoRefresh<Item> {
  let isRefused = false
  const methods: Partial<AutoRefresh<Item>> = {
    refresh: (id) =>
      cache.refresh(id).catch((error: unknown) => {
        isRefused = true
        throw error
      }),
    update: (id, item) => {
      if (isRefused) putBack()
      return cache.update(id, item)
    },
  }
  return new Proxy(cache, {
    get: (target, key): unknown => {
      const own: unknown = Reflect.get(methods, key)
      if (own !== undefined) return own
      const value: unknown = Reflect.get(target, key)
      // The cache has private fields, which only it may read.
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
