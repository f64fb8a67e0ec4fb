import {
  LISTED,
  marks,
  textOf,
  type Job,
  type PageDriver,
  type PlacedRow,
  type Row,
} from '@auto-refresh/adapter-suite'
import type { AutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/solid'
import { createSignal, For, Index, type JSX } from 'solid-js'
import { render } from 'solid-js/web'

interface RowProps {
  readonly cache: AutoRefresh<Job>
  readonly row: Row
}

function optionsOf(props: RowProps): { readonly enabled: boolean } {
  return {
    get enabled() {
      return props.row.enabled
    },
  }
}

/** What each kind of row shows: a text for each of its ids. */
const kinds: Readonly<Record<Row['hook'], (props: RowProps) => () => readonly string[]>> = {
  item: (props) => {
    const shown = useAutoRefreshItem(props.cache, () => props.row.id, optionsOf(props))
    return () => [textOf(shown())]
  },
  activity: (props) => {
    const shown = useAutoRefreshItem(props.cache, () => props.row.id, optionsOf(props))
    return () => [shown().isRefreshing ? textOf(shown()) : textOf(shown())]
  },
  select: (props) => {
    const options = Object.assign(optionsOf(props), { select: textOf })
    const shown = useAutoRefreshItem(props.cache, () => props.row.id, options)
    return () => [shown()]
  },
  list: (props) => {
    const options = Object.assign(optionsOf(props), { select: textOf })
    return useAutoRefreshItems(props.cache, () => [props.row.id, LISTED], options)
  },
}

function RowOf(props: RowProps): JSX.Element {
  const texts = kinds[props.row.hook](props)
  return (
    <Index each={texts()}>
      {(text, index) => <i {...marks(props.row, index === 0 ? props.row.id : LISTED)}>{text()}</i>}
    </Index>
  )
}

/** Solid: it draws at once. */
export function solidPageDriver(name: string): PageDriver {
  return {
    name,
    mountPage: async (cache) => {
      const container = document.createElement('div')
      const [placed, setPlaced] = createSignal<readonly PlacedRow[]>([])
      const keys = (): readonly string[] =>
        placed()
          .filter(({ isHidden }) => !isHidden)
          .map(({ row }) => row.key)
      const known = new Map<string, Row>()
      /** The row of a key, also of one that is about to go. */
      const rowOf = (key: string): Row => {
        const row = placed().find((each) => each.row.key === key)?.row ?? known.get(key)
        if (row === undefined) throw new Error(`There is no row ${key}`)
        known.set(key, row)
        return row
      }
      const unmount = render(
        () => <For each={keys()}>{(key) => <RowOf cache={cache} row={rowOf(key)} />}</For>,
        container,
      )
      const work = (): Promise<void> => new VirtualClock().advance(0)
      await work()
      return {
        container,
        draw: (next) => void setPlaced(next),
        work,
        settle: work,
        unmount: () => {
          unmount()
          return work()
        },
      }
    },
  }
}
