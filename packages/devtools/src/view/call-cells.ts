import { errorText } from '../format/error-text.ts'
import { formatDuration, formatNumber, formatTime } from '../format/numbers.ts'
import type { CallRecord } from '../record/call-record.ts'
import { h, setAttribute, setText } from './dom.ts'
import { icon, setIcon, type Shape } from './icon.ts'
import type { Column, RowCells } from './virtual-table.ts'

export const CALL_COLUMNS: readonly Column[] = [
  { name: 'call', label: 'Call' },
  { name: 'outcome', label: 'Outcome' },
  { name: 'kind', label: 'Kind' },
  { name: 'ids', label: 'Ids' },
  { name: 'size', label: 'Items' },
  { name: 'duration', label: 'Duration' },
  { name: 'started', label: 'Started' },
]

/** Makes the cells of a call's row. */
export function createCallCells(
  callAt: (index: number) => CallRecord | undefined,
  now: () => number,
): RowCells {
  const number = h('div')
  const shape = icon('active')
  const word = h('span', { class: 'word' })
  const outcome = h('div', {}, shape, word)
  const kind = h('div')
  const ids = h('div')
  const size = h('div')
  const duration = h('div')
  const started = h('div')
  return {
    cells: [number, outcome, kind, ids, size, duration, started],
    write(index) {
      const record = callAt(index)
      if (record === undefined) return
      setText(number, formatNumber(record.call))
      setIcon(shape, shapeOfCall(record))
      setText(word, outcomeText(record))
      setAttribute(outcome, 'data-outcome', record.outcome)
      setText(kind, record.kind)
      setText(ids, record.ids.slice(0, 12).join(', '))
      setText(size, formatNumber(record.size))
      setText(duration, durationText(record, now()))
      setText(started, formatTime(record.startedAt))
    },
  }
}

export function shapeOfCall({ outcome }: CallRecord): Shape {
  if (outcome === 'running') return 'refreshing'
  if (outcome === 'ok') return 'terminal'
  return outcome === 'failed' ? 'failing' : 'stopped'
}

export function outcomeText({ outcome, error }: CallRecord): string {
  return outcome === 'failed' ? `failed: ${errorText(error)}` : outcome
}

export function durationText({ duration, startedAt }: CallRecord, now: number): string {
  return formatDuration(duration ?? Math.max(0, now - startedAt))
}
