import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import { errorText } from '../format/error-text.ts'

type Announce = (text: string) => void

/** Refreshes an item, and announces how it went. */
export async function refreshItem(
  cache: AutoRefresh<unknown>,
  id: ItemId,
  announce: Announce,
): Promise<void> {
  announce(`Refreshing ${id}`)
  try {
    await cache.refresh(id)
    announce(`Refreshed ${id}`)
  } catch (error) {
    announce(`Could not refresh ${id}: ${errorText(error)}`)
  }
}

/** Refreshes every item, and announces when all have settled. */
export async function refreshEveryItem(cache: AutoRefresh<unknown>, announce: Announce): Promise<void> {
  announce('Refreshing every item')
  try {
    await cache.refreshAll()
    announce('Every item has settled')
  } catch (error) {
    announce(`Could not refresh: ${errorText(error)}`)
  }
}
