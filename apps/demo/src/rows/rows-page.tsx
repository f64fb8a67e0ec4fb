import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import type { RenderNode } from '@auto-refresh/demo-server/api'
import { useState, type ReactNode } from 'react'
import { NodeTable } from './node-table.tsx'
import { RowsFigures } from './rows-figures.tsx'

export interface RowsPageProps {
  readonly cache: AutoRefresh<RenderNode>
  readonly ids: readonly ItemId[]
}

export function RowsPage({ cache, ids }: RowsPageProps): ReactNode {
  const [isDrifting, setDrifting] = useState(false)
  return (
    <div className="rows">
      <section className="figures rows-figures" aria-label="Live figures of the rows">
        <RowsFigures cache={cache} />
        <label className="switch">
          <input
            id="drift"
            type="checkbox"
            role="switch"
            checked={isDrifting}
            onChange={({ target }) => setDrifting(target.checked)}
          />{' '}
          Scroll by itself
        </label>
      </section>
      <NodeTable cache={cache} ids={ids} isDrifting={isDrifting} />
    </div>
  )
}
