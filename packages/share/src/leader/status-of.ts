import type { AutoRefresh } from '@auto-refresh/core'
import { shareError } from '../protocol/errors.ts'
import { delay } from '../protocol/limits.ts'
import type { SharedStatus } from '../protocol/message.ts'

/** Returns the back's view of the source, as it crosses (K17). */
export function statusOf<Item>(back: AutoRefresh<Item>): SharedStatus {
  const { isOutage, error, lastSuccessAt, retryAt } = back.getStatus()
  const epoch = back.adapterSeam?.epoch() ?? 0
  return {
    isOutage,
    ...(error !== undefined && { error: shareError(error) }),
    ...(lastSuccessAt !== undefined && { success: delay(epoch - lastSuccessAt) }),
    ...(retryAt !== undefined && { retry: delay(retryAt - epoch) }),
  }
}
