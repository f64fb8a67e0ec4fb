import {
  LISTED,
  marks,
  textOf,
  type Job,
  type PageDriver,
  type PlacedRow,
  type Row,
} from '@auto-refresh/adapter-suite'
import type { AutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/lit'
import { html, LitElement, type TemplateResult } from 'lit'

class RowElement extends LitElement {
  static override properties = { row: { attribute: false } }
  declare row: Row
  #texts: (() => readonly string[]) | undefined

  /** What each kind of row shows: a text for each of its ids. */
  show(cache: AutoRefresh<Job>): void {
    const id = (): string => this.row.id
    const isEnabled = (): boolean => this.row.enabled
    const options = {
      get enabled() {
        return isEnabled()
      },
    }
    const kinds: Readonly<Record<Row['hook'], () => () => readonly string[]>> = {
      item: () => {
        const shown = useAutoRefreshItem(this, cache, id, options)
        return () => [textOf(shown.value)]
      },
      activity: () => {
        const shown = useAutoRefreshItem(this, cache, id, options)
        return () => [shown.value.isRefreshing ? textOf(shown.value) : textOf(shown.value)]
      },
      select: () => {
        const shown = useAutoRefreshItem(this, cache, id, Object.assign(options, { select: textOf }))
        return () => [shown.value]
      },
      list: () => {
        const ids = (): readonly string[] => [this.row.id, LISTED]
        const shown = useAutoRefreshItems(this, cache, ids, Object.assign(options, { select: textOf }))
        return () => shown.value
      },
    }
    this.#texts = kinds[this.row.hook]()
  }

  /** In the light, where the suite looks. */
  protected override createRenderRoot(): HTMLElement {
    return this
  }

  protected override render(): TemplateResult[] {
    const { row } = this
    return (this.#texts?.() ?? []).map((text, index) => {
      const mark = marks(row, index === 0 ? row.id : LISTED)
      return html`<i
        data-row=${mark['data-row']}
        data-id=${mark['data-id']}
        data-enabled=${mark['data-enabled']}
        >${text}</i
      >`
    })
  }
}
customElements.define('test-row', RowElement)

/** Lit: elements draw in a microtask. Rows are moved as a page moves elements: taken out and put in again. */
export const litPageDriver: PageDriver = {
  name: 'Lit 3',
  mountPage: async (cache) => {
    const container = document.createElement('div')
    document.body.append(container)
    const elements = new Map<string, RowElement>()
    const elementOf = (row: Row): RowElement => {
      const known = elements.get(row.key) ?? new RowElement()
      known.row = row
      if (!elements.has(row.key)) known.show(cache)
      elements.set(row.key, known)
      return known
    }
    const work = (): Promise<void> => new VirtualClock().advance(0)
    return {
      container,
      draw: (placed: readonly PlacedRow[]) => {
        // A row that is hidden is out of the page, and comes back as the same element.
        container.replaceChildren(
          ...placed.filter(({ isHidden }) => !isHidden).map(({ row }) => elementOf(row)),
        )
      },
      work,
      settle: work,
      unmount: () => {
        container.remove()
        return work()
      },
    }
  },
}
