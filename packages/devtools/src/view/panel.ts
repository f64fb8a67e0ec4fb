import type { Inspection } from '../inspection.ts'
import { formatNumber } from '../format/numbers.ts'
import { Button } from './button.ts'
import { CachePage } from './cache-page.ts'
import { Choice } from './choice.ts'
import { h, setAttribute, setText } from './dom.ts'
import { shapeOfStatus } from './status-line.ts'

/** Narrower than this, px, the panel puts things below one another. */
const NARROW = 720

/** Calls between the element and its panel. */
export interface PanelOptions {
  readonly areValuesShown: () => boolean
  readonly setValuesShown: (areShown: boolean) => void
  readonly onClose: () => void
}

/** The whole panel: a cache to choose, buttons, and the page of the chosen cache. */
export class Panel {
  readonly element: HTMLElement
  readonly #options: PanelOptions
  readonly #caches: Choice<string>
  readonly #place: HTMLElement = h('div', { class: 'page-place' })
  readonly #buttons: HTMLElement = h('span', { class: 'buttons-place' })
  readonly #values: Button
  readonly #close: Button
  readonly #live: HTMLElement = h('p', { class: 'unseen', role: 'status' })
  #inspections: readonly Inspection[] = []
  #page: CachePage | undefined

  constructor(options: PanelOptions) {
    this.#options = options
    this.#caches = new Choice<string>('cache', 'Cache', (name) => this.#choose(name))
    this.#values = new Button('show', 'Show values', () => this.#showValues(!options.areValuesShown()))
    this.#close = new Button('close', 'Close', options.onClose)
    this.#close.element.classList.add('is-plain')
    this.element = h(
      'section',
      { class: 'panel', 'aria-label': 'Auto-refresh devtools' },
      h(
        'header',
        { class: 'head-line' },
        this.#caches.element,
        h('span', { class: 'head-buttons' }, this.#buttons, this.#values.element, this.#close.element),
      ),
      this.#place,
      this.#live,
    )
  }

  set isClosable(isClosable: boolean) {
    setAttribute(this.#close.element, 'hidden', !isClosable)
  }

  /** @param width of the panel, px */
  set width(width: number) {
    setAttribute(this.element, 'data-narrow', width < NARROW)
  }

  /** Shows other caches. Stays with the chosen one if it is among them. */
  show(inspections: readonly Inspection[]): void {
    this.#inspections = inspections
    const chosen = inspections.find((inspection) => inspection === this.#page?.inspection) ?? inspections[0]
    if (chosen === undefined) {
      this.#page = undefined
      this.#place.replaceChildren(h('p', { class: 'empty' }, 'No cache to look at.'))
      this.#buttons.replaceChildren()
    } else if (chosen !== this.#page?.inspection) this.#open(chosen)
  }

  /** Shows the present state. Returns true if it had no time to look at everything. */
  render(): boolean {
    this.#caches.show(
      this.#inspections.map(({ target: { name, cache } }) => ({
        value: name,
        label: name,
        figure: formatNumber(cache.size),
        shape: shapeOfStatus(cache.getStatus()),
      })),
      this.#page?.inspection.target.name ?? '',
    )
    const areShown = this.#options.areValuesShown()
    this.#values.show(areShown ? 'hide' : 'show', areShown ? 'Hide values' : 'Show values')
    return this.#page?.render() ?? false
  }

  #choose(name: string): void {
    const inspection = this.#inspections.find(({ target }) => target.name === name)
    if (inspection !== undefined) this.#open(inspection)
  }

  #open(inspection: Inspection): void {
    const page = new CachePage({
      inspection,
      areValuesShown: this.#options.areValuesShown,
      showValues: () => this.#showValues(true),
      announce: (text) => setText(this.#live, text),
      render: () => void this.render(),
    })
    this.#page = page
    this.#place.replaceChildren(page.element)
    this.#buttons.replaceChildren(page.buttons)
    this.render()
  }

  #showValues(areShown: boolean): void {
    this.#options.setValuesShown(areShown)
    this.render()
  }
}
