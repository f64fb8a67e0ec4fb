import type { Inspection } from '../inspection.ts'
import { formatNumber } from '../format/numbers.ts'
import { CacheButtons } from './cache-buttons.ts'
import { CallsView } from './calls-view.ts'
import { h, setAttribute } from './dom.ts'
import { EventsView } from './events-view.ts'
import { ItemsView } from './items-view.ts'
import { SimulationView } from './simulation-view.ts'
import { StatusLine } from './status-line.ts'
import { type Tab, Tabs } from './tabs.ts'
import type { View, ViewContext } from './view.ts'

type TabName = 'items' | 'calls' | 'events' | 'simulation'

const TABS: readonly Tab<TabName>[] = [
  { name: 'items', label: 'Items' },
  { name: 'calls', label: 'Calls' },
  { name: 'events', label: 'Events' },
]
const SIMULATION: Tab<TabName> = { name: 'simulation', label: 'Simulate' }

/** ms per frame for looking at items. */
const BUDGET = 4

/** Everything about one cache. */
export class CachePage {
  readonly inspection: Inspection
  readonly buttons: HTMLElement
  readonly statusLine: StatusLine = new StatusLine()
  readonly element: HTMLElement
  readonly #buttons: CacheButtons
  readonly #tabs: Tabs<TabName>
  readonly #views: ReadonlyMap<TabName, View>
  readonly #toolbar: HTMLElement = h('div', { class: 'toolbar-place' })
  readonly #body: HTMLElement = h('div', { role: 'tabpanel', class: 'view', id: 'view' })
  #shown: TabName = 'items'

  constructor(context: Omit<ViewContext, 'openItem'>) {
    const { inspection } = context
    const { simulation } = inspection.target
    this.inspection = inspection
    const items = new ItemsView({ ...context, openItem: (id) => this.#openItem(id, items) })
    const all: ViewContext = { ...context, openItem: (id) => this.#openItem(id, items) }
    const views = new Map<TabName, View>([
      ['items', items],
      ['calls', new CallsView(all)],
      ['events', new EventsView(all)],
    ])
    if (simulation !== undefined) views.set('simulation', new SimulationView(all, simulation))
    this.#views = views
    this.#buttons = new CacheButtons(all)
    this.buttons = this.#buttons.element
    this.#tabs = new Tabs<TabName>('What to look at', (name) => this.#show(name))
    this.#tabs.show(simulation === undefined ? TABS : [...TABS, SIMULATION], 'items', 'view')
    this.element = h(
      'div',
      { class: 'page' },
      this.statusLine.element,
      h('div', { class: 'tab-row' }, this.#tabs.element, this.#toolbar),
      this.#body,
    )
    this.#show('items')
  }

  /** Shows the present state. Returns true if there are items that it had no time to look at. */
  render(): boolean {
    const { target, index, recorder } = this.inspection
    const isDone = index.look(BUDGET)
    this.statusLine.render(target.cache, target.simulation)
    this.#buttons.render()
    this.#tabs.showFigure('items', formatNumber(index.size))
    this.#tabs.showFigure('calls', formatNumber(target.cache.stats().syncCalls))
    this.#tabs.showFigure('events', formatNumber(recorder.events.total))
    this.#views.get(this.#shown)?.render()
    return !isDone
  }

  #show(name: TabName): void {
    const view = this.#views.get(name)
    if (view === undefined) return
    this.#shown = name
    this.#tabs.choose(name)
    this.#body.replaceChildren(view.element)
    this.#toolbar.replaceChildren(...(view.toolbar === undefined ? [] : [view.toolbar]))
    setAttribute(this.#body, 'aria-labelledby', `tab-${name}`)
    setAttribute(this.#body, 'data-view', name)
    this.render()
  }

  #openItem(id: string, items: ItemsView): void {
    this.#show('items')
    items.open(id)
  }
}
