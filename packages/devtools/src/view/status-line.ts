import type { AutoRefresh, AutoRefreshStats, CacheStatus } from '@auto-refresh/core'
import { errorText } from '../format/error-text.ts'
import { formatNumber, formatSpan } from '../format/numbers.ts'
import { epochOf } from '../items/seam.ts'
import { namesOf } from '../simulation/faults.ts'
import type { Simulation } from '../simulation/simulation.ts'
import { h, setAttribute, setText } from './dom.ts'
import { icon, setIcon, type Shape } from './icon.ts'

const FIGURES = ['items', 'in flight', 'waiting', 'calls', 'failed', 'observers'] as const

/** The status of a cache in a line: state, outage, role, simulated faults, figures. */
export class StatusLine {
  readonly element: HTMLElement
  readonly #icon: SVGSVGElement = icon('active')
  readonly #state: HTMLElement = h('span')
  readonly #chip: HTMLElement = h('span', { class: 'chip status' }, this.#icon, this.#state)
  readonly #role: HTMLElement = h('span', { class: 'chip' })
  readonly #faults: HTMLElement = h('span', { class: 'chip is-simulated' })
  readonly #error: HTMLElement = h('span', { class: 'status-error' })
  readonly #figures = new Map(FIGURES.map((name) => [name, h('b')]))

  constructor() {
    const figures = FIGURES.map((name) =>
      h('span', { class: 'stat' }, this.#figures.get(name) ?? '', ` ${name}`),
    )
    this.element = h(
      'div',
      { class: 'status-line' },
      this.#chip,
      this.#role,
      this.#faults,
      this.#error,
      h('span', { class: 'stats' }, ...figures),
    )
  }

  render(cache: AutoRefresh<unknown>, simulation: Simulation | undefined): void {
    const status = cache.getStatus()
    const stats = cache.stats()
    setText(this.#state, stateText(status, epochOf(cache)))
    setIcon(this.#icon, shapeOfStatus(status))
    setAttribute(this.#chip, 'data-state', status.isOutage ? 'outage' : status.state)
    showChip(this.#role, roleOf(stats))
    const faults = simulation === undefined ? [] : namesOf(simulation.faults)
    showChip(this.#faults, faults.length === 0 ? undefined : `simulated: ${faults.join(', ')}`)
    showChip(this.#error, status.error === undefined ? undefined : errorText(status.error))
    this.#showFigures(stats)
  }

  #showFigures(stats: AutoRefreshStats): void {
    const figures = {
      items: stats.size,
      'in flight': stats.runningCalls,
      waiting: stats.waitingItems,
      calls: stats.syncCalls,
      failed: stats.syncErrors,
      observers: stats.subscribers,
    }
    for (const name of FIGURES) {
      const figure = this.#figures.get(name)
      if (figure !== undefined) setText(figure, formatNumber(figures[name]))
    }
  }
}

/** Returns the shape of a cache's state, for the line and for the choice of a cache. */
export function shapeOfStatus({ state, isOutage }: CacheStatus): Shape {
  if (state !== 'running') return state
  return isOutage ? 'failing' : 'active'
}

/** Returns the role in a group; undefined if the cache is in none. */
export function roleOf(stats: AutoRefreshStats): string | undefined {
  const role: unknown = Reflect.get(stats, 'role')
  return typeof role === 'string' ? role : undefined
}

function stateText({ state, isOutage, retryAt }: CacheStatus, now: number): string {
  if (!isOutage) return state
  const next = retryAt === undefined ? '' : `, next attempt in ${formatSpan(retryAt - now + 999)}`
  return state === 'running' ? `outage${next}` : `${state}, outage`
}

function showChip(chip: HTMLElement, text: string | undefined): void {
  setAttribute(chip, 'hidden', text === undefined)
  if (text !== undefined) setText(chip, text)
  if (text !== undefined) setAttribute(chip, 'title', text)
}
