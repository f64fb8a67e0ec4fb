import { InMemoryAutoRefresh } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
} from '@auto-refresh/vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  createApp,
  defineComponent,
  effectScope,
  h,
  KeepAlive,
  nextTick,
  onErrorCaptured,
  onMounted,
  reactive,
  ref,
  shallowRef,
  Suspense,
  type DefineSetupFnComponent,
  type EffectScope,
  type VNodeChild,
} from 'vue'

function newCache(): InMemoryAutoRefresh<number> {
  const cache = new InMemoryAutoRefresh<number>({ interval: 1_000_000, sync: () => [] })
  cache.getOrCreate('a', 1)
  return cache
}

function mount(setup: () => () => VNodeChild): { readonly root: HTMLElement; readonly unmount: () => void } {
  const root = document.createElement('div')
  const app = createApp(defineComponent(setup))
  app.mount(root)
  return { root, unmount: () => app.unmount() }
}

/** The cache tells in a microtask, Vue draws in another, and the cache stops at the end of the turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTick()
}

/** Uses every composable. */
function useAll(cache: InMemoryAutoRefresh<number>): () => string {
  const { item } = useAutoRefreshItem(cache, 'a')
  const list = useAutoRefreshItems(cache, ['a', 'b'], { select: (snapshot) => snapshot.item })
  const ids = useAutoRefreshIds(cache)
  const status = useAutoRefreshStatus(cache)
  return () => `${item.value} ${list.value.join()} ${ids.value.join()} ${status.value.state}`
}

const left = (cache: InMemoryAutoRefresh<number>): unknown => [cache.stats().subscribers, cache.isRunning]

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the current effect scope decides', () => {
  it('A14: in `onMounted` they begin at once and end with the component', async () => {
    const cache = newCache()
    const text = shallowRef<() => string>(() => 'nothing')
    const { root, unmount } = mount(() => {
      onMounted(() => {
        text.value = useAll(cache)
      })
      return () => text.value()
    })
    await settle()
    expect(root.textContent).toBe('1 1, a,b running')
    cache.update('a', 2)
    await settle()
    expect(root.textContent).toBe('2 2, a,b running')
    unmount()
    await settle()
    expect(left(cache)).toEqual([0, false])
  })

  it('A14: a scope that ends before its component is mounted leaves nothing', async () => {
    const cache = newCache()
    const { unmount } = mount(() => {
      const scope = effectScope()
      scope.run(() => useAll(cache))
      scope.stop()
      return () => 'page'
    })
    await settle()
    expect([...cache.ids()]).toEqual(['a'])
    expect(left(cache)).toEqual([0, false])
    unmount()
    await settle()
    expect(left(cache)).toEqual([0, false])
  })

  it('A14: a scope in a scope of a component is put aside with the component', async () => {
    const cache = newCache()
    const isShown = ref(true)
    const Row = defineComponent(() => {
      const text = effectScope().run(() => effectScope().run(() => useAll(cache)))
      return () => text?.()
    })
    const { root, unmount } = mount(() => () => h(KeepAlive, () => (isShown.value ? h(Row) : null)))
    await settle()
    expect(root.textContent).toBe('1 1, a,b running')
    isShown.value = false
    await settle()
    expect(left(cache)).toEqual([0, false])
    unmount()
  })

  it('A14: a scope in a detached one is no part of the component', async () => {
    const cache = newCache()
    const scope = effectScope(true)
    const { unmount } = mount(() => {
      const text = scope.run(() => effectScope().run(() => useAll(cache)))
      return () => text?.()
    })
    expect(cache.stats().subscribers).toBe(3)
    unmount()
    await settle()
    expect(cache.stats().subscribers).toBe(3)
    scope.stop()
    await settle()
    expect(left(cache)).toEqual([0, false])
  })

  /** A composable that components share: it lives as long as its detached scope. */
  function shared(cache: InMemoryAutoRefresh<number>): {
    readonly use: () => () => string
    readonly end: () => void
  } {
    let scope: EffectScope | undefined
    let text: (() => string) | undefined
    return {
      use: () => {
        scope ??= effectScope(true)
        return (text ??= scope.run(() => useAll(cache)) ?? (() => ''))
      },
      end: () => scope?.stop(),
    }
  }

  type Place = (first: DefineSetupFnComponent<object>, isShown: boolean) => VNodeChild
  const places: readonly (readonly [name: string, place: Place])[] = [
    ['is put aside by KeepAlive', (first, isShown) => h(KeepAlive, () => (isShown ? h(first) : null))],
    ['is unmounted', (first, isShown) => (isShown ? h(first) : null)],
  ]

  it.each(places)('A14: a shared scope goes on if its first user %s', async (_, place) => {
    const cache = newCache()
    const { use, end } = shared(cache)
    const isFirst = ref(true)
    const First = defineComponent(() => use())
    const Second = defineComponent(() => use())
    const { root, unmount } = mount(() => () => [
      place(First, isFirst.value),
      isFirst.value ? null : h(Second),
    ])
    await settle()
    isFirst.value = false
    await settle()
    cache.update('a', 2)
    await settle()
    expect(root.textContent).toBe('2 2, a,b running')
    expect(cache.stats().subscribers).toBe(3)
    unmount()
    await settle()
    expect(cache.stats().subscribers).toBe(3)
    end()
    await settle()
    expect(left(cache)).toEqual([0, false])
  })

  it('A14: a shared scope goes on if the setup of its first user fails', async () => {
    const cache = newCache()
    const { use, end } = shared(cache)
    const Failing = defineComponent((): (() => null) => {
      use()
      throw new Error('setup')
    })
    vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const Guard = defineComponent(() => {
      onErrorCaptured(() => false)
      return () => h(Failing)
    })
    const Second = defineComponent(() => use())
    const { root, unmount } = mount(() => () => [h(Guard), h(Second)])
    await settle()
    cache.update('a', 2)
    await settle()
    expect(root.textContent).toBe('2 2, a,b running')
    unmount()
    end()
    await settle()
    expect(left(cache)).toEqual([0, false])
  })

  it('A7, A14: in a shared scope the id may change after its first user is gone', async () => {
    const cache = newCache()
    cache.getOrCreate('b', 5)
    const id = ref('a')
    const scope = effectScope(true)
    const isShown = ref(true)
    let read = (): number | undefined => undefined
    const First = defineComponent(() => {
      scope.run(() => {
        const { item } = useAutoRefreshItem(cache, id)
        read = () => item.value
      })
      return () => 'first'
    })
    const { unmount } = mount(() => () => (isShown.value ? h(First) : null))
    isShown.value = false
    await settle()
    id.value = 'b'
    await settle()
    cache.update('b', 6)
    expect(read()).toBe(6)
    expect(cache.stats().subscribers).toBe(1)
    unmount()
    scope.stop()
  })

  it('A14: after an `await`, without a scope, they warn as Vue does, and begin nothing', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const cache = newCache()
    const Late = defineComponent(async () => {
      await Promise.resolve()
      return useAll(cache)
    })
    const isShown = ref(true)
    const { root } = mount(() => () => (isShown.value ? h(Suspense, () => h(Late)) : null))
    await settle()
    expect(root.textContent).toBe('1 1, a stopped')
    expect(left(cache)).toEqual([0, false])
    const warnings = warn.mock.calls.map(([message]) => String(message))
    expect(warnings.filter((message) => message.includes('onScopeDispose'))).toHaveLength(4)
    isShown.value = false
    await settle()
    expect(left(cache)).toEqual([0, false])
  })

  it('A14: in async setup before the `await` they begin when the component is shown', async () => {
    const cache = newCache()
    let arrive = (): void => undefined
    const waiting = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const Late = defineComponent(async () => {
      const text = useAll(cache)
      await waiting
      return text
    })
    const { root, unmount } = mount(() => () => h(Suspense, () => h(Late)))
    await settle()
    expect(left(cache)).toEqual([0, false])
    arrive()
    await settle()
    expect(root.textContent).toBe('1 1, a,b running')
    unmount()
    await settle()
    expect(left(cache)).toEqual([0, false])
  })
})

describe('a cache in reactive state', () => {
  it.each([
    ['reactive', (cache: InMemoryAutoRefresh<number>) => reactive({ cache }).cache],
    ['ref', (cache: InMemoryAutoRefresh<number>) => ref(cache).value],
  ] as const)('L10: `%s` makes no proxy of it', async (_, wrap) => {
    const cache = newCache()
    const wrapped = wrap(cache)
    expect(wrapped).toBe(cache)
    const { root, unmount } = mount(() => useAll(cache))
    await settle()
    expect(root.textContent).toBe('1 1, a,b running')
    unmount()
  })
})

describe('KeepAlive', () => {
  it('A2: an item that was deleted while it was shown stays missing, and no frame shows it', async () => {
    let calls = 0
    const cache = new InMemoryAutoRefresh<number>({
      interval: 1_000_000,
      sync: (batch) => {
        calls += 1
        return batch.map(({ id }) => ({ id, action: 'delete' as const }))
      },
    })
    const frames: string[] = []
    const isShown = ref(true)
    const Row = defineComponent(() => {
      const { status } = useAutoRefreshItem(cache, 'a', { initialItem: 1 })
      const list = useAutoRefreshItems(cache, ['b'])
      return () => {
        frames.push(`${status.value} ${list.value[0]?.status}`)
        return frames.at(-1)
      }
    })
    const { unmount } = mount(() => () => h(KeepAlive, () => (isShown.value ? h(Row) : null)))
    await settle()
    await vi.waitFor(() => expect(frames.at(-1)).toBe('missing missing'))
    frames.splice(0)
    for (let time = 0; time < 3; time++) {
      isShown.value = false
      await settle()
      isShown.value = true
      await settle()
    }
    expect(new Set(frames)).toEqual(new Set(frames.length === 0 ? [] : ['missing missing']))
    expect(calls).toBe(1)
    expect(cache.size).toBe(0)
    unmount()
  })

  it('A2: an item that was deleted while it was put aside is created again', async () => {
    const cache = newCache()
    const isShown = ref(true)
    const Row = defineComponent(() => {
      const { status } = useAutoRefreshItem(cache, 'a')
      return () => status.value
    })
    const { root, unmount } = mount(() => () => h(KeepAlive, () => (isShown.value ? h(Row) : null)))
    await settle()
    isShown.value = false
    await settle()
    cache.delete('a')
    isShown.value = true
    await settle()
    expect(root.textContent).toBe('pending')
    expect(cache.has('a')).toBe(true)
    unmount()
  })
})
