import type { FarmClient } from '../farm-client.ts'
import { findElement } from '../find-element.ts'
import type { Notices } from '../notices.ts'

export interface Rows {
  show(isShown: boolean): void
}

/** The ten thousand rows: loaded when they are first asked for, and gone, their cache with them, when they are left. */
export function wireRows(root: ParentNode, farm: FarmClient, notices: Notices): Rows {
  const element = findElement(root, '#rows-root', HTMLElement)
  let opened: AbortController | undefined

  async function open(signal: AbortSignal): Promise<void> {
    try {
      const { openRows } = await import('./open-rows.tsx')
      if (signal.aborted) return
      const close = await openRows(element, farm, signal)
      if (signal.aborted) close()
      else signal.addEventListener('abort', close)
    } catch (error) {
      if (!signal.aborted) notices.trouble('Could not show the rows', error)
    }
  }

  return {
    show(isShown) {
      if (isShown === (opened !== undefined)) return
      opened?.abort()
      opened = isShown ? new AbortController() : undefined
      if (opened !== undefined) void open(opened.signal)
    },
  }
}
