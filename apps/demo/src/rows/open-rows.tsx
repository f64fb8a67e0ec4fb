import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type { FarmClient } from '../farm-client.ts'
import { createNodeCache, fillNodeCache } from './node-cache.ts'
import { RowsPage } from './rows-page.tsx'
import { syncNodes } from './sync-nodes.ts'

/** Loads the fleet and shows it. Returns the function that ends that. */
export async function openRows(
  element: HTMLElement,
  farm: FarmClient,
  signal: AbortSignal,
): Promise<() => void> {
  const cache = createNodeCache(syncNodes(''))
  const ids = fillNodeCache(cache, await farm.nodes(signal))
  const root = createRoot(element)
  root.render(
    <StrictMode>
      <RowsPage cache={cache} ids={ids} />
    </StrictMode>,
  )
  return () => root.unmount()
}
