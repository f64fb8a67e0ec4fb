import type { AutoRefresh } from '@auto-refresh/core'
import type { Faults, Job } from '@auto-refresh/demo-server/api'
import type { FarmClient } from './farm-client.ts'
import { findElement } from './find-element.ts'
import type { Notices } from './notices.ts'
import type { ObservedValue } from './observed-value.ts'

export interface FaultPanelOptions {
  readonly root: ParentNode
  readonly farm: FarmClient
  readonly cache: AutoRefresh<Job>
  readonly poisonedIds: ObservedValue<ReadonlySet<string>>
  readonly notices: Notices
}

const NO_FAULTS: Faults = { latency: 0, errorRate: 0, hang: false, retryAfter: null, poisonedIds: [] }
/** Seconds of the `Retry-After` that the farm sends with a 429. */
const RETRY_AFTER = 3

/** Wires the switches of what goes wrong at the farm. The farm keeps their state: other pages may set them, too. */
export async function wireFaultPanel(options: FaultPanelOptions): Promise<void> {
  const { root, farm, cache, notices } = options
  const latency = findElement(root, '#fault-latency', HTMLInputElement)
  const errorRate = findElement(root, '#fault-error-rate', HTMLInputElement)
  const hang = findElement(root, '#fault-hang', HTMLInputElement)
  const rateLimit = findElement(root, '#fault-rate-limit', HTMLInputElement)
  const poison = findElement(root, '#fault-poison', HTMLButtonElement)
  const heal = findElement(root, '#fault-heal', HTMLButtonElement)
  const latencyShown = findElement(root, '#fault-latency-shown', HTMLOutputElement)
  const errorRateShown = findElement(root, '#fault-error-rate-shown', HTMLOutputElement)
  let poisonedIds: readonly string[] = []

  function showSliders(): void {
    latencyShown.value = `${latency.value} ms`
    errorRateShown.value = `${errorRate.value} %`
  }

  function show(faults: Faults): void {
    latency.value = String(faults.latency)
    errorRate.value = String(Math.round(faults.errorRate * 100))
    hang.checked = faults.hang
    rateLimit.checked = faults.retryAfter !== null
    poisonedIds = faults.poisonedIds
    showSliders()
    options.poisonedIds.set(new Set(poisonedIds))
    const any =
      faults.latency + faults.errorRate > 0 || faults.hang || rateLimit.checked || poisonedIds.length > 0
    heal.disabled = !any
  }

  function chosen(): Faults {
    return {
      latency: latency.valueAsNumber,
      errorRate: errorRate.valueAsNumber / 100,
      hang: hang.checked,
      retryAfter: rateLimit.checked ? RETRY_AFTER : null,
      poisonedIds,
    }
  }

  async function set(faults: Faults): Promise<void> {
    try {
      show(await farm.setFaults(faults))
    } catch (error) {
      notices.trouble('Could not set the faults', error)
    }
  }

  for (const slider of [latency, errorRate]) slider.addEventListener('input', showSliders)
  for (const control of [latency, errorRate, hang, rateLimit]) {
    control.addEventListener('change', () => void set(chosen()))
  }
  poison.addEventListener('click', () => {
    const id = randomActiveId(cache, poisonedIds)
    if (id === undefined) notices.news('There is no active job to poison: submit some first')
    else void set({ ...chosen(), poisonedIds: [...poisonedIds, id] })
  })
  heal.addEventListener('click', () => void set(NO_FAULTS))

  try {
    show(await farm.faults())
  } catch (error) {
    notices.trouble('Could not read the faults', error)
  }
}

function randomActiveId(cache: AutoRefresh<Job>, except: readonly string[]): string | undefined {
  const ids = [...cache.ids()].filter((id) => {
    return cache.getSnapshot(id).status === 'active' && !except.includes(id)
  })
  return ids[Math.floor(Math.random() * ids.length)]
}
