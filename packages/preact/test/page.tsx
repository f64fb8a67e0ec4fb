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
import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/preact'
import { render, type ComponentType, type VNode } from 'preact'
import { useState } from 'preact/hooks'

interface RowProps {
  readonly cache: AutoRefresh<Job>
  readonly row: Row
}

const rows: Readonly<Record<Row['hook'], ComponentType<RowProps>>> = {
  item: ({ cache, row }) => {
    const snapshot = useAutoRefreshItem(cache, row.id, { enabled: row.enabled })
    return <i {...marks(row, row.id)}>{textOf(snapshot)}</i>
  },
  activity: ({ cache, row }) => {
    const snapshot = useAutoRefreshItem(cache, row.id, { enabled: row.enabled })
    return <i {...marks(row, row.id)}>{snapshot.isRefreshing ? textOf(snapshot) : textOf(snapshot)}</i>
  },
  select: ({ cache, row }) => {
    const text = useAutoRefreshItem(cache, row.id, { enabled: row.enabled, select: textOf })
    return <i {...marks(row, row.id)}>{text}</i>
  },
  list: ({ cache, row }) => {
    const ids = [row.id, LISTED]
    const texts = useAutoRefreshItems(cache, ids, {
      enabled: row.enabled,
      select: (snapshot) => textOf(snapshot),
    })
    return (
      <>
        {ids.map((id, index) => (
          <i key={index} {...marks(row, id)}>
            {texts[index]}
          </i>
        ))}
      </>
    )
  },
}

interface PageProps {
  readonly cache: AutoRefresh<Job>
  readonly onMount: (draw: (placed: readonly PlacedRow[]) => void) => void
}

function Page({ cache, onMount }: PageProps): VNode {
  const [placed, draw] = useState<readonly PlacedRow[]>([])
  const [drawn] = useState(() => new WeakMap<Row, VNode>())
  onMount(draw)
  return (
    <>
      {placed
        .filter(({ isHidden }) => !isHidden)
        .map(({ row }) => {
          // The same node if nothing changed, because Preact then skips the component, as if it was memoised.
          const Shown = rows[row.hook]
          const node = drawn.get(row) ?? <Shown key={row.key} cache={cache} row={row} />
          drawn.set(row, node)
          return node
        })}
    </>
  )
}

/** Preact: it draws in a microtask; when, is all the scheduling there is. */
export function preactPageDriver(name: string): PageDriver {
  return {
    name,
    mountPage: async (cache) => {
      const container = document.createElement('div')
      let draw: ((placed: readonly PlacedRow[]) => void) | undefined
      const work = (): Promise<void> => new VirtualClock().advance(0)
      render(<Page cache={cache} onMount={(given) => (draw = given)} />, container)
      await work()
      return {
        container,
        draw: (placed) => draw?.(placed),
        work,
        settle: work,
        unmount: () => {
          render(null, container)
          return work()
        },
      }
    },
  }
}
