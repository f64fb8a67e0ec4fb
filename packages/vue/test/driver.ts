import type {
  Driver,
  HydratedView,
  IdsView,
  ItemView,
  Job,
  ListView,
  Mounted,
  SelectView,
  StatusView,
} from '@auto-refresh/adapter-suite'
import type { ItemId, ItemSnapshot } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
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
  type DefineSetupFnComponent,
  type ShallowRef,
  type VNode,
  type VNodeChild,
} from 'vue'
import { renderToString } from 'vue/server-renderer'

/** The setup of a component that shows a view. */
type Setup<View> = (view: Readonly<ShallowRef<View>>) => () => VNodeChild

/** The refs as a snapshot: reading a field reads its ref. */
export function asSnapshot(refs: SnapshotRefs<Job>): ItemSnapshot<Job> {
  const snapshot = {}
  for (const [field, ref] of Object.entries(refs)) {
    if (field === 'snapshot') continue
    Object.defineProperty(snapshot, field, { enumerable: true, get: () => ref.value })
  }
  return snapshot as ItemSnapshot<Job>
}

const item: Setup<ItemView> = (view) => {
  const refs = useAutoRefreshItem(view.value.cache, () => view.value.id, {
    get initialItem() {
      return view.value.initialItem
    },
    get create() {
      return view.value.create
    },
    enabled: () => view.value.enabled,
  })
  const snapshot = asSnapshot(refs)
  return () => view.value.show(snapshot)
}

const selected: Setup<SelectView> = (view) => {
  const { cache, select, equals } = view.value
  const value = useAutoRefreshItem(cache, () => view.value.id, { select, equals })
  return () => JSON.stringify(value.value)
}

/** By the ref of the whole snapshot. */
const whole: Setup<ItemView> = (view) => {
  const { snapshot } = useAutoRefreshItem(view.value.cache, () => view.value.id, {
    get initialItem() {
      return view.value.initialItem
    },
    get create() {
      return view.value.create
    },
    enabled: () => view.value.enabled,
  })
  return () => view.value.show(snapshot.value)
}

const list: Setup<ListView> = (view) => {
  const { cache, select, initialItem, create } = view.value
  const ids = (): readonly string[] => view.value.ids
  const options = { initialItem, create, enabled: (): boolean | undefined => view.value.enabled }
  const shown =
    select === undefined
      ? useAutoRefreshItems(cache, ids, options)
      : useAutoRefreshItems(cache, ids, { ...options, select })
  return () => view.value.show(shown.value)
}

const allIds: Setup<IdsView> = (view) => {
  const shown = useAutoRefreshIds(view.value.cache)
  return () => view.value.show(shown.value)
}

const status: Setup<StatusView> = (view) => {
  const shown = useAutoRefreshStatus(view.value.cache)
  return () => view.value.show(shown.value)
}

const text = (shown: string): VNode => h('b', { class: shown, title: shown }, shown)

const textOf = (snapshot: ItemSnapshot<Job>): string => `${snapshot.status} ${snapshot.item?.step ?? '-'}`

function hydratedPage({
  cache,
  ids,
  initialItem,
  isList = false,
}: HydratedView): DefineSetupFnComponent<object> {
  const One = defineComponent(
    ({ id }: { readonly id: ItemId }) => {
      const refs = asSnapshot(useAutoRefreshItem(cache, id, { initialItem }))
      return () => text(textOf(refs))
    },
    { props: ['id'] },
  )
  return defineComponent(() => {
    if (!isList)
      return () =>
        h(
          'main',
          ids.map((id) => h(One, { id })),
        )
    const texts = useAutoRefreshItems(cache, ids, { initialItem: () => initialItem, select: textOf })
    return () => h('main', texts.value.map(text))
  })
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

/** Vue, by a ref per field or by one of the whole snapshot. */
export function vueDriver(name: string, isWhole: boolean): Driver {
  const act: Driver['act'] = async (change) => {
    await change()
    // The cache tells in a microtask, and Vue draws in another one.
    await nextTick()
    await nextTick()
  }
  return {
    name,
    mountItem: (view) => mount(isWhole ? whole : item, view),
    mountSelect: (view) => mount(selected, view),
    mountList: (view) => mount(list, view),
    mountIds: (view) => mount(allIds, view),
    mountStatus: (view) => mount(status, view),
    act,
    renderToString: (view) => renderToString(createSSRApp(defineComponent(() => item(shallowRef(view))))),
    hydrate: (container, view) =>
      act(() => {
        createSSRApp(hydratedPage(view)).mount(container)
      }),
  }
}
