import type { AutoRefresh } from '@auto-refresh/core'
import { NO_FAULTS, type Faults, type Job } from '@auto-refresh/demo-server/api'
import { showCulprit } from './culprit.ts'
import { type FarmFaults, hasFaults } from './farm-faults.ts'
import { describeFaults } from './fault-text.ts'
import { findElement } from './find-element.ts'
import type { Notices } from './notices.ts'
import type { ObservedValue } from './observed-value.ts'
import { describeScene } from './scenes.ts'
import { setText } from './set-text.ts'

export interface FaultPanelOptions {
  readonly root: ParentNode
  readonly faults: FarmFaults
  readonly cache: AutoRefresh<Job>
  readonly poisonedIds: ObservedValue<ReadonlySet<string>>
  readonly notices: Notices
}

/** Seconds of the `Retry-After` that the farm sends with a 429. */
const RETRY_AFTER = 3

/** Wires the switches of what goes wrong at the farm, and the banner that tells of what others have left on. */
export function wireFaultPanel({ root, faults, cache, poisonedIds, notices }: FaultPanelOptions): void {
  const latency = findElement(root, '#fault-latency', HTMLInputElement)
  const errorRate = findElement(root, '#fault-error-rate', HTMLInputElement)
  const hang = findElement(root, '#fault-hang', HTMLInputElement)
  const rateLimit = findElement(root, '#fault-rate-limit', HTMLInputElement)
  const poison = findElement(root, '#fault-poison', HTMLButtonElement)
  const heal = findElement(root, '#fault-heal', HTMLButtonElement)
  const latencyShown = findElement(root, '#fault-latency-shown', HTMLOutputElement)
  const errorRateShown = findElement(root, '#fault-error-rate-shown', HTMLOutputElement)
  const culprits = findElement(root, '#culprits', HTMLElement)
  const banner = findElement(root, '#left-faults', HTMLElement)
  const bannerText = findElement(banner, 'p', HTMLElement)

  function showSliders(): void {
    latencyShown.value = `${latency.value} ms`
    errorRateShown.value = `${errorRate.value} %`
  }

  function show(): void {
    const current = faults.current ?? NO_FAULTS
    latency.value = String(current.latency)
    errorRate.value = String(Math.round(current.errorRate * 100))
    hang.checked = current.hang
    rateLimit.checked = current.retryAfter !== null
    showSliders()
    poisonedIds.set(new Set(current.poisonedIds))
    heal.disabled = !hasFaults(current)
    setText(culprits, describeCulprits(cache, current.poisonedIds))
    if (faults.areForeign) setText(bannerText, `Somebody has left faults on: ${describeFaults(current)}.`)
    banner.hidden = !faults.areForeign
  }

  function chosen(): Faults {
    return {
      latency: latency.valueAsNumber,
      errorRate: errorRate.valueAsNumber / 100,
      hang: hang.checked,
      retryAfter: rateLimit.checked ? RETRY_AFTER : null,
      poisonedIds: faults.current?.poisonedIds ?? [],
    }
  }

  async function set(wanted: Faults): Promise<void> {
    try {
      await faults.set(wanted)
    } catch (error) {
      notices.trouble('Could not set the faults', error)
    }
    show()
  }

  for (const slider of [latency, errorRate]) slider.addEventListener('input', showSliders)
  for (const control of [latency, errorRate, hang, rateLimit]) {
    control.addEventListener('change', () => void set(chosen()))
  }
  poison.addEventListener('click', () => {
    const poisoned = faults.current?.poisonedIds ?? []
    const id = randomActiveId(cache, poisoned)
    if (id === undefined) {
      notices.news('There is no active job to poison: submit some first')
      return
    }
    showCulprit(root, id)
    void set({ ...chosen(), poisonedIds: [...poisoned, id] })
  })
  heal.addEventListener('click', () => void set(NO_FAULTS))
  findElement(banner, 'button', HTMLButtonElement).addEventListener('click', () => void set(NO_FAULTS))
  faults.follow(show)
}

function describeCulprits(cache: AutoRefresh<Job>, ids: readonly string[]): string {
  if (ids.length === 0) return ''
  const names = ids.map((id) => {
    const job = cache.get(id)
    if (job === undefined) return 'a job that is not on this page'
    const { title, place } = describeScene(job.scene)
    return `${title} ${place}`
  })
  return `Poisoned: ${names.join('; ')}. A request that names it fails as a whole.`
}

function randomActiveId(cache: AutoRefresh<Job>, except: readonly string[]): string | undefined {
  const ids = [...cache.ids()].filter((id) => {
    return cache.getSnapshot(id).status === 'active' && !except.includes(id)
  })
  return ids[Math.floor(Math.random() * ids.length)]
}
