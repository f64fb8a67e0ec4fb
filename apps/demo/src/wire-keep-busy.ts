import { findElement } from './find-element.ts'
import type { KeepBusy } from './keep-busy.ts'
import type { Notices } from './notices.ts'

/** ms between two looks. */
const INTERVAL = 1000

export interface BusySwitch {
  /** Lets jobs be submitted, if that is switched on; or not, where nobody sees them. */
  show(isShown: boolean): void
}

/**
 * Wires the switch that keeps the farm busy. It switches itself off when that has gone on for long.
 *
 * @param listed Resolves when the page shows the jobs that the farm has already.
 */
export function wireKeepBusy(
  root: Document,
  keepBusy: KeepBusy,
  listed: Promise<void>,
  notices: Notices,
): BusySwitch {
  const busy = findElement(root, '#busy', HTMLInputElement)
  let isShown = false

  async function look(): Promise<void> {
    await listed
    if (!busy.checked || !isShown || root.hidden) return
    try {
      busy.checked = await keepBusy.look()
    } catch (error) {
      busy.checked = false
      notices.trouble('The farm takes no more renders', error)
    }
  }

  busy.addEventListener('change', () => void look())
  setInterval(() => void look(), INTERVAL)
  return {
    show(shown) {
      isShown = shown
      void look()
    },
  }
}
