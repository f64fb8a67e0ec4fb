import {
  LISTED,
  marks,
  textOf,
  type Job,
  type PageDriver,
  type PlacedRow,
  type Row,
} from '@auto-refresh/adapter-suite'
import type { AutoRefresh, ItemSnapshot } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/vue'
import {
  createApp,
  defineComponent,
  h,
  KeepAlive,
  shallowRef,
  Suspense,
  type DefineSetupFnComponent,
  type VNode,
} from 'vue'
import { asSnapshot } from './driver.ts'

interface RowProps {
  readonly cache: AutoRefresh<Job>
  readonly row: Row
}

/** Texts that each hook makes a row show, one per id. */
const texts: Readonly<Record<Row['hook'], (props: RowProps) => () => readonly string[]>> = {
  item: (props) => {
    const refs = useAutoRefreshItem(props.cache, () => props.row.id, { enabled: () => props.row.enabled })
    const snapshot = asSnapshot(refs)
    return () => [textOf(snapshot)]
  },
  activity: (props) => {
    const refs = useAutoRefreshItem(props.cache, () => props.row.id, { enabled: () => props.row.enabled })
    const snapshot = asSnapshot(refs)
    return () => [refs.isRefreshing.value ? textOf(snapshot) : textOf(snapshot)]
  },
  select: (props) => {
    const text = useAutoRefreshItem(props.cache, () => props.row.id, {
      enabled: () => props.row.enabled,
      select: textOf,
    })
    return () => [text.value]
  },
  list: (props) => {
    const shown = useAutoRefreshItems(props.cache, () => [props.row.id, LISTED], {
      enabled: () => props.row.enabled,
      select: (snapshot: ItemSnapshot<Job>) => textOf(snapshot),
    })
    return () => shown.value
  },
}

const draw = ({ row }: RowProps, shown: readonly string[]): VNode[] =>
  shown.map((text, index) => {
    const id = index === 0 ? row.id : LISTED
    return h('i', { key: index, ...marks(row, id) }, text)
  })

const options: { props: ['cache', 'row'] } = { props: ['cache', 'row'] }

const RowOf: DefineSetupFnComponent<RowProps> = defineComponent((props: RowProps) => {
  const read = texts[props.row.hook](props)
  return () => draw(props, read())
}, options)

/** A row that waits before it is there for the first time. */
const LateRow: DefineSetupFnComponent<RowProps> = defineComponent(async (props: RowProps) => {
  const read = texts[props.row.hook](props)
  await props.row.wait?.promise
  return () => draw(props, read())
}, options)

/** Vue: rows in KeepAlive, those that wait in Suspense. It draws in a microtask; when, is all the scheduling there is. */
export function vuePageDriver(name: string): PageDriver {
  return {
    name,
    mountPage: async (cache) => {
      const container = document.createElement('div')
      const rows = shallowRef<readonly PlacedRow[]>([])
      /** Rows that were pending when they were new, which does not change later. */
      const late = new Map<string, boolean>()
      const app = createApp(
        defineComponent(() => {
          return () =>
            rows.value.map(({ row, isHidden }) => {
              const isLate = late.get(row.key) ?? row.wait !== undefined
              late.set(row.key, isLate)
              const shown = isHidden ? null : h(isLate ? LateRow : RowOf, { cache, row })
              return isLate
                ? h(Suspense, { key: row.key }, { default: () => shown })
                : h(KeepAlive, { key: row.key }, () => shown)
            })
        }),
      )
      app.mount(container)
      const work = (): Promise<void> => new VirtualClock().advance(0)
      await work()
      return {
        container,
        draw: (next) => {
          rows.value = next
        },
        work,
        settle: work,
        unmount: () => {
          app.unmount()
          return work()
        },
      }
    },
  }
}
