import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import type { RenderNode } from '@auto-refresh/demo-server/api'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, type ReactNode } from 'react'
import { NodeRow } from './node-row.tsx'
import { useDrift } from './use-drift.ts'

const ROW_HEIGHT = 32
/** Rows drawn beyond what is in view, above and below. */
const OVERSCAN = 8

export interface NodeTableProps {
  readonly cache: AutoRefresh<RenderNode>
  readonly ids: readonly ItemId[]
  /** It scrolls by itself. */
  readonly isDrifting: boolean
}

/** All nodes, of which those in view are drawn. */
export function NodeTable({ cache, ids, isDrifting }: NodeTableProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
  })
  useDrift(scroller, isDrifting)
  return (
    <div role="table" className="nodes" aria-label="Render nodes" aria-rowcount={ids.length + 1}>
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className="node nodes-head">
          <span role="columnheader">Node</span>
          <span role="columnheader">State</span>
          <span role="columnheader">Load</span>
          <span role="columnheader">Heat</span>
          <span role="columnheader" className="node-frames">
            Frames
          </span>
        </div>
      </div>
      {/* Focusable: who has no wheel scrolls it by its arrow keys. */}
      <div role="rowgroup" className="nodes-scroll" tabIndex={0} aria-label="Nodes" ref={scroller}>
        <div role="presentation" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const id = ids[index] ?? ''
            return <NodeRow key={id} cache={cache} id={id} index={index} top={start} />
          })}
        </div>
      </div>
    </div>
  )
}
