import type { AutoRefresh } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import type { FarmClient } from './farm-client.ts'
import type { Notices } from './notices.ts'
import type { JobActions } from './panels/panel.ts'

/** What the button of a card does, in whatever framework the card is. */
export function jobActions(farm: FarmClient, cache: AutoRefresh<Job>, notices: Notices): JobActions {
  async function cancel(id: string): Promise<void> {
    try {
      const { job, version } = await farm.cancel(id)
      // Known already: no need to wait for the next look at it.
      cache.ingest([{ id, item: job, validator: version }])
    } catch (error) {
      notices.trouble('Could not cancel', error)
    }
  }
  return {
    cancel: (id) => void cancel(id),
    remove: (id) => void cache.delete(id),
  }
}
