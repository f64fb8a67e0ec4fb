import type { Batch, ItemId } from '../auto-refresh.ts'
import { checkType } from '../engine/check.ts'
import type { Policy } from '../engine/policy.ts'

/** Divides what is due into batches, which are told by their ids. */
export type CreateBatchesFunction<Item> = (due: Batch<Item>) => Iterable<readonly { readonly id: ItemId }[]>

/**
 * Divides what is due into batches, for example one for each region. Ids that it leaves out are due again one interval later;
 * failed items are not offered (S7).
 *
 * ```ts
 * policies: [customBatches((due) => groupBy(due, ({ id }) => id.split('/')[0]))]
 * ```
 *
 * @throws {TypeError} if `createBatches` is no function
 */
export function customBatches<Item>(createBatches: CreateBatchesFunction<Item>): Policy<Item> {
  checkType('customBatches', createBatches, 'function')
  return () => ({ batches: (due) => createBatches(due) })
}
