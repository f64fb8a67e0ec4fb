import { interruptHere, runAll, runRenderings, runUntilPaint } from './mock-scheduler.ts'
import * as React from 'react'
import {
  memo,
  startTransition,
  StrictMode,
  Suspense,
  useDeferredValue,
  useLayoutEffect,
  useState,
  type ComponentType,
  type ReactElement,
  type ReactNode,
} from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import {
  LISTED,
  marks,
  textOf,
  type Job,
  type PageDriver,
  type PlacedRow,
  type Row,
} from '@auto-refresh/adapter-suite'
import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/react'

interface RowProps {
  readonly cache: AutoRefresh<Job>
  readonly row: Row
}

function Element({
  row,
  id,
  text,
}: {
  readonly row: Row
  readonly id: ItemId
  readonly text: string
}): ReactElement {
  interruptHere()
  // oxlint-disable-next-line typescript/only-throw-error -- how Suspense is told to wait
  if (row.wait?.isOver === false) throw row.wait.promise
  return <i {...marks(row, id)}>{text}</i>
}

const rows: Readonly<Record<Row['hook'], ComponentType<RowProps>>> = {
  item: memo(({ cache, row }) => {
    const snapshot = useAutoRefreshItem(cache, row.id, { enabled: row.enabled })
    return <Element row={row} id={row.id} text={textOf(snapshot)} />
  }),
  activity: memo(({ cache, row }) => {
    const snapshot = useAutoRefreshItem(cache, row.id, { enabled: row.enabled })
    return (
      <Element row={row} id={row.id} text={snapshot.isRefreshing ? textOf(snapshot) : textOf(snapshot)} />
    )
  }),
  select: memo(({ cache, row }) => {
    const text = useAutoRefreshItem(cache, row.id, { enabled: row.enabled, select: textOf })
    return <Element row={row} id={row.id} text={text} />
  }),
  list: memo(({ cache, row }) => {
    const ids = [row.id, LISTED]
    const texts = useAutoRefreshItems(cache, ids, {
      enabled: row.enabled,
      select: (snapshot) => textOf(snapshot),
    })
    return ids.map((id, index) => <Element key={`${index}`} row={row} id={id} text={texts[index] ?? ''} />)
  }),
}

/** React's Activity, or in a version without it a component that renders nothing while it is hidden. */
const Hideable: ComponentType<{ readonly isHidden: boolean; readonly children: ReactNode }> =
  'Activity' in React
    ? ({ isHidden, children }) => (
        <React.Activity mode={isHidden ? 'hidden' : 'visible'}>{children}</React.Activity>
      )
    : ({ isHidden, children }) => (isHidden ? null : children)

interface Drawn {
  readonly rows: readonly PlacedRow[]
  readonly isDeferred: boolean
}

interface PageProps {
  readonly cache: AutoRefresh<Job>
  readonly onMount: (draw: (drawn: Drawn) => void) => void
}

function Page({ cache, onMount }: PageProps): ReactElement {
  const [drawn, draw] = useState<Drawn>({ rows: [], isDeferred: false })
  const later = useDeferredValue(drawn.rows)
  useLayoutEffect(() => {
    onMount(draw)
  }, [onMount])
  return (
    <>
      {(drawn.isDeferred ? later : drawn.rows).map(({ row, isHidden }) => {
        const Shown = rows[row.hook]
        return (
          <Hideable key={row.key} isHidden={isHidden}>
            <Suspense>
              <Shown cache={cache} row={row} />
            </Suspense>
          </Hideable>
        )
      })}
    </>
  )
}

/** React as in a browser: rendering in slices, and paused wherever a component was rendered. */
export function reactPageDriver(name: string, isStrict: boolean): PageDriver {
  return {
    name,
    mountPage: async (cache) => {
      const container = document.createElement('div')
      const root = createRoot(container)
      let draw: ((drawn: Drawn) => void) | undefined
      const page = <Page cache={cache} onMount={(given) => (draw = given)} />
      flushSync(() => root.render(isStrict ? <StrictMode>{page}</StrictMode> : page))
      await runAll()
      return {
        container,
        draw: (placed, urgency) => {
          const change = (): void => draw?.({ rows: placed, isDeferred: urgency === 'deferred' })
          if (urgency === 'sync') flushSync(change)
          else if (urgency === 'transition') startTransition(change)
          else change()
        },
        work: (units) => (units > 3 ? runUntilPaint() : runRenderings(units)),
        settle: runAll,
        unmount: () => {
          root.unmount()
          return runAll()
        },
      }
    },
  }
}
