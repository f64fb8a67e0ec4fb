import { h, setAttribute } from './dom.ts'

/** Content of a table. `Key` names a row, wherever it is. */
export interface TableOptions<Key extends string | number> {
  readonly label: string
  /** Name of the table in ids and classes. */
  readonly name: string
  readonly columns: readonly Column[]
  /** Makes a row's cells, one for each column. The row is used for one entry after the other. */
  readonly createCells: () => RowCells
  readonly keyAt: (index: number) => Key | undefined
  readonly indexOf: (key: Key) => number
  /** @param byKey true if a key opened it, and not the pointer */
  readonly onOpen: (key: Key, byKey: boolean) => void
}

export interface Column {
  readonly name: string
  readonly label: string
}

/** The cells of a row, and what writes an entry into them. */
export interface RowCells {
  readonly cells: readonly HTMLElement[]
  readonly write: (index: number) => void
}

interface Row extends RowCells {
  readonly element: HTMLElement
}

/** Rows beyond each edge that are there already. */
const MARGIN = 4

/**
 * A table that has elements only for the rows in sight. All rows are equally high. It is one stop of the Tab key; the arrow
 * keys move within.
 */
export class VirtualTable<Key extends string | number> {
  readonly element: HTMLElement
  readonly #options: TableOptions<Key>
  readonly #body: HTMLElement = h('div', { role: 'rowgroup', class: 'table-body' })
  readonly #head: HTMLElement
  readonly #rows: Row[] = []
  #count = 0
  #active: Key | undefined
  /** The row whose details are shown. */
  opened: Key | undefined

  constructor(options: TableOptions<Key>) {
    this.#options = options
    const { name, label, columns } = options
    const heads = columns.map((column) =>
      h('div', { role: 'columnheader', class: `cell cell-${column.name}` }, column.label),
    )
    this.#head = h('div', { role: 'row', class: 'row head', 'aria-rowindex': 1 }, ...heads)
    this.element = h(
      'div',
      {
        role: 'grid',
        class: `table table-${name}`,
        tabindex: 0,
        'aria-label': label,
        'aria-colcount': columns.length,
        keydown: (event) => this.#onKey(event),
        scroll: () => this.render(this.#count),
      },
      h('div', { role: 'rowgroup', class: 'table-head' }, this.#head),
      this.#body,
    )
  }

  /** Makes a row active, and scrolls to it. */
  reveal(key: Key): void {
    this.#active = key
    this.#scrollTo(this.#options.indexOf(key))
    this.render(this.#count)
  }

  /** Rows were added at the top: what is in sight stays there, unless that is the top. */
  keepPlace(added: number): void {
    if (this.element.scrollTop > 0 && added > 0) this.element.scrollTop += added * rowHeightOf(this.element)
  }

  /** Shows `count` rows, of which those in sight are written. */
  render(count: number): void {
    this.#count = count
    const height = rowHeightOf(this.element)
    const headHeight = this.#head.offsetHeight
    const { scrollTop, clientHeight } = this.element
    const first = Math.max(0, Math.floor(scrollTop / height) - MARGIN)
    const last = Math.min(count, Math.ceil((scrollTop + clientHeight - headHeight) / height) + MARGIN)
    setAttribute(this.element, 'aria-rowcount', count + 1)
    const bodyHeight = `${count * height}px`
    if (this.#body.style.height !== bodyHeight) this.#body.style.height = bodyHeight
    this.#prepare(Math.max(0, last - first))
    for (let index = first; index < last; index++) this.#write(index, height)
    this.#hideOthers(first, last)
    const active = this.#active === undefined ? -1 : this.#options.indexOf(this.#active)
    const isInSight = active >= first && active < last
    setAttribute(this.element, 'aria-activedescendant', isInSight ? this.#idOf(active) : undefined)
  }

  #prepare(count: number): void {
    while (this.#rows.length < count) {
      const row = this.#createRow()
      this.#rows.push(row)
      this.#body.append(row.element)
    }
    while (this.#rows.length > count + MARGIN) this.#rows.pop()?.element.remove()
  }

  #createRow(): Row {
    const { cells, write } = this.#options.createCells()
    const element = h('div', {
      role: 'row',
      class: 'row',
      click: () => this.#open(this.#options.keyAt(Number(element.dataset['index'])), false),
    })
    cells.forEach((cell, index) => {
      setAttribute(cell, 'role', 'gridcell')
      cell.classList.add('cell', `cell-${this.#options.columns[index]?.name}`)
    })
    element.append(...cells)
    return { element, cells, write }
  }

  /** Neighbours take the rows one after the other, so that scrolling by a row writes one row. */
  #write(index: number, height: number): void {
    const row = this.#rows[index % this.#rows.length]
    if (row === undefined) return
    const { element } = row
    const key = this.#options.keyAt(index)
    setAttribute(element, 'hidden', false)
    setAttribute(element, 'id', this.#idOf(index))
    setAttribute(element, 'data-index', index)
    setAttribute(element, 'aria-rowindex', index + 2)
    setAttribute(element, 'aria-selected', key !== undefined && key === this.opened ? 'true' : 'false')
    setAttribute(element, 'data-active', key !== undefined && key === this.#active)
    const place = `translateY(${index * height}px)`
    if (element.style.transform !== place) element.style.transform = place
    row.write(index)
  }

  #hideOthers(first: number, last: number): void {
    for (const { element } of this.#rows) {
      const index = Number(element.dataset['index'])
      if (!(index >= first && index < last)) setAttribute(element, 'hidden', true)
    }
  }

  #onKey(event: Event): void {
    if (!(event instanceof KeyboardEvent) || event.target !== this.element || this.#count === 0) return
    const active = this.#active === undefined ? -1 : this.#options.indexOf(this.#active)
    const page = Math.max(1, Math.floor(this.element.clientHeight / rowHeightOf(this.element)) - 2)
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: this.#count - 1,
    }
    const wanted = moves[event.key]
    if (wanted !== undefined) {
      const key = this.#options.keyAt(Math.max(0, Math.min(this.#count - 1, wanted)))
      if (key !== undefined) this.reveal(key)
    } else if (event.key === 'Enter' || event.key === ' ') this.#open(this.#active, true)
    else return
    event.preventDefault()
  }

  #open(key: Key | undefined, byKey: boolean): void {
    if (key === undefined) return
    this.#active = key
    this.#options.onOpen(key, byKey)
  }

  #scrollTo(index: number): void {
    if (index < 0) return
    const height = rowHeightOf(this.element)
    const { scrollTop, clientHeight } = this.element
    const top = index * height
    const seen = clientHeight - this.#head.offsetHeight
    if (top < scrollTop) this.element.scrollTop = top
    else if (top + height > scrollTop + seen) this.element.scrollTop = top + height - seen
  }

  #idOf(index: number): string {
    return `${this.#options.name}-${index}`
  }
}

/** The height that the style sheet gives to rows, px. */
function rowHeightOf(element: HTMLElement): number {
  return Number.parseFloat(getComputedStyle(element).getPropertyValue('--row-height')) || 32
}
