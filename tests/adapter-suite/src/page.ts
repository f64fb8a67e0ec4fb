import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import type { Job } from './driver.ts'

/** One component of a page: its target, and its options. A new object if one of these changes. */
export interface Row {
  readonly key: string
  readonly id: ItemId
  readonly hook: 'item' | 'activity' | 'select' | 'list'
  readonly enabled: boolean
  /** Data that the component waits for in the way of its framework, if it has one. */
  readonly wait: Wait | undefined
}

/** Something that a component can wait for. */
export interface Wait {
  readonly promise: Promise<void>
  readonly isOver: boolean
  arrive(): void
}

/** A row. It is hidden by KeepAlive, by Activity, or by leaving it out. */
export interface PlacedRow {
  readonly row: Row
  readonly isHidden: boolean
}

/** Ways to render a change of the rows, if a framework has more than one. */
export type Urgency = 'normal' | 'sync' | 'transition' | 'deferred'

/** A page of rows in one root, with its framework's own scheduling. */
export interface Page {
  readonly container: Element
  /** Requests a rendering. The framework decides about its time. */
  draw(rows: readonly PlacedRow[], urgency: Urgency): void
  /** Lets the framework do a part of its work, and the browser paint. */
  work(units: number): Promise<void>
  /** Lets the framework do all its work. */
  settle(): Promise<void>
  unmount(): Promise<void>
}

export interface PageDriver {
  readonly name: string
  /** Mounts an empty page. */
  mountPage(cache: AutoRefresh<Job>): Promise<Page>
}

/** The second id of each list. */
export const LISTED = 'a'

/** Returns the text that a row shows of a snapshot. */
export function textOf({ status, item }: ItemSnapshot<Job>): string {
  return `${status} ${item?.step ?? '-'}`
}

/** Returns the attributes by which an element of a page is found. */
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

/** Returns the elements of a page that can be seen. */
export function look(container: Element): readonly Seen[] {
  return [...container.querySelectorAll<HTMLElement>('[data-id]')].filter(isVisible).map((element) => ({
    row: element.dataset['row'] ?? '',
    id: element.dataset['id'] ?? '',
    isEnabled: element.dataset['enabled'] === 'true',
    text: element.textContent,
  }))
}

/** Frameworks hide elements that they keep by style. */
function isVisible(element: HTMLElement): boolean {
  for (let each: HTMLElement | null = element; each !== null; each = each.parentElement) {
    if (each.style.display === 'none') return false
  }
  return true
}
