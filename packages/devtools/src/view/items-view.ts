import type { ItemId } from '@auto-refresh/core'
import { formatNumber } from '../format/numbers.ts'
import { type Condition, CONDITIONS } from '../items/condition.ts'
import type { ItemFilter } from '../items/item-index.ts'
import { Choice } from './choice.ts'
import { h, setAttribute, setText } from './dom.ts'
import { createItemCells, ITEM_COLUMNS } from './item-cells.ts'
import { ItemDetails } from './item-details.ts'
import { searchBox } from './search-box.ts'
import type { View, ViewContext } from './view.ts'
import { VirtualTable } from './virtual-table.ts'

/** The items of a cache. */
export class ItemsView implements View {
  readonly toolbar: HTMLElement
  readonly element: HTMLElement
  readonly #context: ViewContext
  readonly #table: VirtualTable<ItemId>
  readonly #details: ItemDetails
  readonly #conditions: Choice<Condition | 'all'>
  readonly #empty: HTMLElement = h('p', { class: 'empty' })
  #filter: ItemFilter = { text: '', condition: undefined }
  #ids: readonly ItemId[] = []
  /** The filter and the state of the index of which `#ids` are the result. */
  #shown: { readonly filter: ItemFilter; readonly version: number } | undefined

  constructor(context: ViewContext) {
    this.#context = context
    const { cache } = context.inspection.target
    this.#details = new ItemDetails(context, () => this.#close())
    this.#table = new VirtualTable<ItemId>({
      label: 'Items',
      name: 'items',
      columns: ITEM_COLUMNS,
      createCells: () => createItemCells(cache, (index) => this.#ids[index], context.areValuesShown),
      keyAt: (index) => this.#ids[index],
      indexOf: (id) => this.#ids.indexOf(id),
      onOpen: (id, byKey) => this.#open(id, byKey),
    })
    this.#conditions = new Choice('condition', 'Status', (value) =>
      this.#setFilter({ ...this.#filter, condition: value === 'all' ? undefined : value }),
    )
    this.toolbar = h(
      'div',
      { class: 'toolbar' },
      searchBox('Filter by id', (text) => this.#setFilter({ ...this.#filter, text })),
      this.#conditions.element,
    )
    this.element = h(
      'div',
      { class: 'split' },
      h('div', { class: 'list' }, this.#table.element, this.#empty),
      this.#details.details.element,
    )
  }

  render(): void {
    const { index } = this.#context.inspection
    const filter = this.#filter
    if (this.#shown?.filter !== filter || this.#shown.version !== index.version) {
      this.#ids = index.filter(filter)
      this.#shown = { filter, version: index.version }
      this.#showConditions()
    }
    this.#table.render(this.#ids.length)
    setAttribute(this.#empty, 'hidden', this.#ids.length > 0)
    setText(this.#empty, index.size === 0 ? 'No items yet.' : 'No item passes the filter.')
    this.#details.render()
  }

  /** Shows an item that another view names. */
  open(id: ItemId): void {
    this.#setFilter({ text: '', condition: undefined })
    this.#table.reveal(id)
    this.#open(id, true)
  }

  #open(id: ItemId, byKey: boolean): void {
    this.#table.opened = id
    this.#details.show(id)
    this.#setSplit(true)
    if (byKey) this.#details.details.title.focus()
  }

  #close(): void {
    this.#table.opened = undefined
    this.#details.show(undefined)
    this.#setSplit(false)
    this.#table.element.focus()
  }

  #setSplit(isSplit: boolean): void {
    setAttribute(this.element, 'data-split', isSplit)
    this.render()
  }

  #setFilter(filter: ItemFilter): void {
    this.#filter = filter
    this.#table.element.scrollTop = 0
    this.render()
  }

  #showConditions(): void {
    const { counts, size } = this.#context.inspection.index
    this.#conditions.show(
      [
        { value: 'all', label: 'All', figure: formatNumber(size) },
        ...CONDITIONS.map((condition) => ({
          value: condition,
          label: condition,
          figure: formatNumber(counts[condition]),
          shape: condition,
          isHidden: counts[condition] === 0,
        })),
      ],
      this.#filter.condition ?? 'all',
    )
  }
}
