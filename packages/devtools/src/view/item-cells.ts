import type { AutoRefresh, ItemId, ItemSnapshot } from '@auto-refresh/core'
import { inspectInLine, redact } from '../format/inspect.ts'
import { formatNumber, formatSpan } from '../format/numbers.ts'
import { conditionOf } from '../items/condition.ts'
import { epochOf, observersOf } from '../items/seam.ts'
import { h, setAttribute, setText } from './dom.ts'
import { icon, setIcon, type Shape } from './icon.ts'
import type { Column, RowCells } from './virtual-table.ts'

export const ITEM_COLUMNS: readonly Column[] = [
  { name: 'id', label: 'Id' },
  { name: 'condition', label: 'Status' },
  { name: 'value', label: 'Value' },
  { name: 'age', label: 'Age' },
  { name: 'next', label: 'Next refresh' },
  { name: 'failures', label: 'Failures' },
  { name: 'observers', label: 'Observers' },
]

/** Makes the cells of an item's row. */
export function createItemCells(
  cache: AutoRefresh<unknown>,
  idAt: (index: number) => ItemId | undefined,
  areValuesShown: () => boolean,
): RowCells {
  const shape = icon('active')
  const word = h('span', { class: 'word' })
  const id = h('div')
  const condition = h('div', {}, shape, word)
  const value = h('div')
  const age = h('div')
  const countdown = new Countdown()
  const failures = h('div')
  const observers = h('div')
  return {
    cells: [id, condition, value, age, countdown.element, failures, observers],
    write(index) {
      const itemId = idAt(index)
      if (itemId === undefined) return
      const snapshot = cache.getSnapshot(itemId)
      const now = epochOf(cache)
      setText(id, itemId)
      setText(word, wordOf(snapshot))
      setIcon(shape, shapeOf(snapshot))
      setText(value, valueText(snapshot, areValuesShown()))
      setAttribute(value, 'data-redacted', !areValuesShown())
      setText(age, ageText(snapshot, now))
      countdown.show(snapshot, now)
      setText(failures, formatNumber(snapshot.failureCount))
      setAttribute(failures, 'data-zero', snapshot.failureCount === 0)
      const count = observersOf(cache, itemId)
      setText(observers, count === undefined ? '–' : formatNumber(count))
      setAttribute(observers, 'data-zero', count === 0)
    },
  }
}

/** The time until the next refresh, in words and as a bar that runs out. */
class Countdown {
  readonly #text: HTMLElement = h('span', { class: 'countdown-text' })
  readonly #bar: HTMLElement = h('span', { class: 'bar' })
  readonly element: HTMLElement = h('div', {}, h('span', { class: 'meter' }, this.#bar), this.#text)

  show(snapshot: ItemSnapshot<unknown>, now: number): void {
    setText(this.#text, nextText(snapshot, now))
    const share = remainingShare(snapshot, now)
    const scale = `scaleX(${share.toFixed(3)})`
    if (this.#bar.style.transform !== scale) this.#bar.style.transform = scale
    setAttribute(this.element, 'data-failing', snapshot.failureCount > 0)
    setAttribute(this.element, 'data-idle', snapshot.nextRefreshAt === undefined)
  }
}

/** From 1, just refreshed, to 0, due. */
function remainingShare(
  { nextRefreshAt, refreshedAt, createdAt }: ItemSnapshot<unknown>,
  now: number,
): number {
  const since = refreshedAt ?? createdAt
  if (nextRefreshAt === undefined || since === undefined || nextRefreshAt <= since) return 0
  return Math.min(1, Math.max(0, (nextRefreshAt - now) / (nextRefreshAt - since)))
}

export function nextText({ isRefreshing, nextRefreshAt }: ItemSnapshot<unknown>, now: number): string {
  if (isRefreshing) return 'refreshing'
  if (nextRefreshAt === undefined) return '–'
  return nextRefreshAt <= now ? 'due' : formatSpan(nextRefreshAt - now + 999)
}

export function ageText({ refreshedAt }: ItemSnapshot<unknown>, now: number): string {
  return refreshedAt === undefined ? '–' : formatSpan(now - refreshedAt)
}

export function valueText(snapshot: ItemSnapshot<unknown>, isShown: boolean): string {
  if (snapshot.item === undefined) return '–'
  return isShown ? inspectInLine(snapshot.item) : redact(snapshot.item)
}

export function wordOf(snapshot: ItemSnapshot<unknown>): string {
  return conditionOf(snapshot) ?? 'gone'
}

export function shapeOf(snapshot: ItemSnapshot<unknown>): Shape {
  const condition = conditionOf(snapshot) ?? 'deleting'
  return condition === 'active' && snapshot.isRefreshing ? 'refreshing' : condition
}
