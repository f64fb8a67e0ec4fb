import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import type { Job } from './driver.ts'

/** One component of a page: what it follows, and how. A new object where one of these changes. */
export interface Row {
  readonly key: string
  readonly id: ItemId
  readonly hook: 'item' | 'activity' | 'select' | 'list'
  readonly enabled: boolean
  /** What is not there yet: the component waits for it in the way of its framework, if it has one. */
  readonly wait: Wait | undefined
}

/** What a component can wait for. */
export interface Wait {
  readonly promise: Promise<void>
  readonly isOver: boolean
  arrive(): void
}

/** A row, and whether the page has put it aside: by KeepAlive, by Activity, or by leaving it out. */
export interface PlacedRow {
  readonly row: Row
  readonly isHidden: boolean
}

/** How a change of the rows is drawn, where a framework has more than one way. */
export type Urgency = 'normal' | 'sync' | 'transition' | 'deferred'

/** A page of rows in one root, with its framework's own scheduling. */
export interface Page {
  readonly container: Element
  /** Asks for it; when it is drawn is the framework's affair. */
  draw(rows: readonly PlacedRow[], urgency: Urgency): void
  /** Lets the framework do some of what it has to do, and the browser paint. */
  work(units: number): Promise<void>
  /** Lets it do all. */
  settle(): Promise<void>
  unmount(): Promise<void>
}

export interface PageDriver {
  readonly name: string
  /** With nothing on it; it runs the cache. */
  mountPage(cache: AutoRefresh<Job>): Promise<Page>
}

/** The second id of each list. */
export const LISTED = 'a'

/** What a row shows of a snapshot. */
export function textOf({ status, item }: ItemSnapshot<Job>): string {
  return `${status} ${item?.step ?? '-'}`
}

/** What an element of a page says about itself, in its attributes. */
export function marks(row: Row, id: ItemId): Readonly<Record<string, string>> {
  return { 'data-row': row.key, 'data-id': id, 'data-enabled': String(row.enabled) }
}

/** One element that can be seen. */
export interface Seen {
  readonly row: string
  readonly id: ItemId
  readonly isEnabled: boolean
  readonly text: string
}

/** What can be seen of a page. */
export function look(container: Element): readonly Seen[] {
  return [...container.querySelectorAll<HTMLElement>('[data-id]')].filter(isVisible).map((element) => ({
    row: element.dataset['row'] ?? '',
    id: element.dataset['id'] ?? '',
    isEnabled: element.dataset['enabled'] === 'true',
    text: element.textContent,
  }))
}

/** Frameworks hide what they keep by its style. */
function isVisible(element: HTMLElement): boolean {
  for (let each: HTMLElement | null = element; each !== null; each = each.parentElement) {
    if (each.style.display === 'none') return false
  }
  return true
}
