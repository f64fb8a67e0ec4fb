import type { BatchEntry } from '../auto-refresh.ts'
import type { Entry } from './entry.ts'

/** The entry as a sync function sees it. */
export function toBatchEntry<Item>({ id, item, validator }: Entry<Item>): BatchEntry<Item> {
  return validator === undefined ? { id, item } : { id, item, validator }
}
