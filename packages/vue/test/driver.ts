import type { Driver, ItemView, Job, ListView, Mounted, SelectView } from '@auto-refresh/adapter-suite'
import type { AutoRefresh, ItemSnapshot } from '@auto-refresh/core'
import {
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStart,
  type SnapshotRefs,
} from '@auto-refresh/vue'
import {
  createApp,
  createSSRApp,
  defineComponent,
  h,
  nextTick,
  onErrorCaptured,
  shallowRef,
  type ShallowRef,
  type VNodeChild,
} from 'vue'
import { renderToString } from 'vue/server-renderer'

/** What a component's setup makes of a view: what it renders. */
type Setup<View> = (view: Readonly<ShallowRef<View>>) => () => VNodeChild

/** The refs as a snapshot: reading a field reads its ref. */
export function asSnapshot(refs: SnapshotRefs<Job>): ItemSnapshot<Job> {
  const snapshot = {}
  for (const [field, ref] of Object.entries(refs)) {
    Object.defineProperty(snapshot, field, { enumerable: true, get: () => ref.value })
  }
  return snapshot as ItemSnapshot<Job>
}

const item: Setup<ItemView> = (view) => {
  const refs = useAutoRefreshItem(view.value.cache, () => view.value.id, {
    get initialItem() {
      return view.value.initialItem
    },
    enabled: () => view.value.enabled,
  })
  return () => view.value.show(asSnapshot(refs))
}

const selected: Setup<SelectView> = (view) => {
  const { cache, select, equals } = view.value
  const value = useAutoRefreshItem(cache, () => view.value.id, { select, equals })
  return () => JSON.stringify(value.value)
}

const list: Setup<ListView> = (view) => {
  const { cache, select } = view.value
  const ids = (): readonly string[] => view.value.ids
  const enabled = (): boolean | undefined => view.value.enabled
  const shown =
    select === undefined
      ? useAutoRefreshItems(cache, ids, { enabled })
      : useAutoRefreshItems(cache, ids, { enabled, select })
  return () => view.value.show(shown.value)
}

async function mount<View>(setup: Setup<View>, first: View): Promise<Mounted<View>> {
  const container = document.createElement('div')
  const errors: unknown[] = []
  const view = shallowRef(first)
  let renders = 0
  const Shown = defineComponent(() => {
    const draw = setup(view)
    return () => {
      renders += 1
      return draw()
    }
  })
  const app = createApp(
    defineComponent(() => {
      onErrorCaptured((error) => {
        errors.push(error)
        return false
      })
      return () => h(Shown)
    }),
  )
  app.mount(container)
  await nextTick()
  return {
    text: () => container.textContent,
    renders: () => renders,
    errors: () => errors,
    update: (next) => {
      view.value = next
      return nextTick()
    },
    unmount: () => {
      app.unmount()
      return nextTick()
    },
  }
}

/** The cache is plain in Vue: another one is another component, by its key. */
async function mountStart(first: AutoRefresh<Job>): Promise<Mounted<AutoRefresh<Job>>> {
  const Start = defineComponent(
    (props: { readonly cache: AutoRefresh<Job> }) => {
      useAutoRefreshStart(props.cache)
      return () => 'running'
    },
    { props: ['cache'] },
  )
  let generation = 0
  return mount((view) => () => h(Start, { cache: view.value, key: generation++ }), first)
}

/** Vue. */
export function vueDriver(name: string): Driver {
  return {
    name,
    mountItem: (view) => mount(item, view),
    mountSelect: (view) => mount(selected, view),
    mountList: (view) => mount(list, view),
    mountStart,
    act: async (change) => {
      await change()
      // The cache tells in a microtask, and Vue draws in another one.
      await nextTick()
      await nextTick()
    },
    renderToString: (view) => renderToString(createSSRApp(defineComponent(() => item(shallowRef(view))))),
  }
}
