import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import type { RenderNode } from '@auto-refresh/demo-server/api'
import { useAutoRefreshItem } from '@auto-refresh/react'
import { memo, useState, type CSSProperties, type ReactNode } from 'react'

export interface NodeRowProps {
  readonly cache: AutoRefresh<RenderNode>
  readonly id: ItemId
  readonly index: number
  /** Pixels from the start of the list. */
  readonly top: number
}

/** One node. Subscribed while it is in view, and drawn when this node changes. */
export const NodeRow = memo(function NodeRow({ cache, id, index, top }: NodeRowProps): ReactNode {
  const { item: node } = useAutoRefreshItem(cache, id)
  const [framesAtFirst] = useState(node?.frames)
  const isNews = node?.frames !== framesAtFirst
  const style: CSSProperties & Record<'--load', number> = {
    transform: `translateY(${top}px)`,
    '--load': (node?.load ?? 0) / 100,
  }
  return (
    <div
      role="row"
      // The first is the head.
      aria-rowindex={index + 2}
      className="node"
      data-node-id={id}
      data-state={node?.state}
      style={style}
    >
      <span role="rowheader">{id}</span>
      {/* Made anew for each version, so that it flashes. */}
      <span role="cell" className={isNews ? 'node-state is-news' : 'node-state'} key={node?.frames}>
        {node?.state ?? 'gone'}
      </span>
      <span role="cell" className="node-load">
        {node?.load ?? 0} %
      </span>
      <span role="cell">{node?.temperature ?? 0} °C</span>
      <span role="cell" className="node-frames">
        {(node?.frames ?? 0).toLocaleString('en')}
      </span>
    </div>
  )
})
