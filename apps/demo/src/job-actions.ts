import { mutate, type AutoRefresh } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import type { FarmClient } from './farm-client.ts'
import type { Notices } from './notices.ts'
import type { JobActions } from './panels/panel.ts'

/** Actions of a card's button, for all frameworks. */
export function jobActions(
  farm: Pick<FarmClient, 'cancel'>,
  cache: AutoRefresh<Job>,
  notices: Pick<Notices, 'trouble'>,
): JobActions {
  /** Shows the job as cancelled at once, and as it was if the farm refuses. */
  async function cancel(id: string): Promise<void> {
    try {
      await mutate(
        cache,
        id,
        (job): Job => ({ ...job, state: 'cancelled' }),
        () => farm.cancel(id),
      )
    } catch (error) {
      notices.trouble('Could not cancel', error)
    }
  }
  return {
    cancel: (id) => void cancel(id),
    remove: (id) => void cache.delete(id),
  }
}
