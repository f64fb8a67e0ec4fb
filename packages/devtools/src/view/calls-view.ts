import { errorText } from '../format/error-text.ts'
import { formatCount, formatTime } from '../format/numbers.ts'
import { epochOf } from '../items/seam.ts'
import type { CallRecord } from '../record/call-record.ts'
import { CALL_COLUMNS, createCallCells, durationText } from './call-cells.ts'
import { CallStrip } from './call-strip.ts'
import { Details } from './details.ts'
import { h, setAttribute, setText } from './dom.ts'
import type { View, ViewContext } from './view.ts'
import { VirtualTable } from './virtual-table.ts'

/** The calls of the sync function, on a line and in a table. */
export class CallsView implements View {
  readonly toolbar: HTMLElement | undefined = undefined
  readonly element: HTMLElement
  readonly #context: ViewContext
  readonly #strip: CallStrip = new CallStrip()
  readonly #table: VirtualTable<number>
  readonly #details: Details
  readonly #empty: HTMLElement = h('p', { class: 'empty' }, 'No calls since the panel was opened.')
  #calls: readonly CallRecord[] = []
  #version = -1
  #detailed: CallRecord | undefined

  constructor(context: ViewContext) {
    this.#context = context
    this.#table = new VirtualTable<number>({
      label: 'Calls, newest first',
      name: 'calls',
      columns: CALL_COLUMNS,
      createCells: () =>
        createCallCells(
          (index) => this.#calls[index],
          () => this.#now(),
        ),
      keyAt: (index) => this.#calls[index]?.call,
      indexOf: (call) => this.#calls.findIndex((record) => record.call === call),
      onOpen: (call, byKey) => this.#open(call, byKey),
    })
    this.#details = new Details('Call', () => this.#close())
    this.element = h(
      'div',
      { class: 'split' },
      h('div', { class: 'list' }, this.#strip.element, this.#table.element, this.#empty),
      this.#details.element,
    )
  }

  render(): void {
    const { calls } = this.#context.inspection.recorder
    if (calls.version !== this.#version) {
      const newest = this.#calls[0]?.call ?? 0
      this.#calls = calls.newestFirst()
      this.#version = calls.version
      this.#table.keepPlace(this.#calls.findIndex(({ call }) => call <= newest))
    }
    this.#strip.render(this.#calls, this.#now())
    this.#table.render(this.#calls.length)
    setAttribute(this.#empty, 'hidden', this.#calls.length > 0)
    this.#showDetails()
  }

  #now(): number {
    return epochOf(this.#context.inspection.target.cache)
  }

  #open(call: number, byKey: boolean): void {
    this.#table.opened = call
    this.#details.isOpen = true
    setAttribute(this.element, 'data-split', true)
    this.render()
    if (byKey) this.#details.title.focus()
  }

  #close(): void {
    this.#table.opened = undefined
    this.#detailed = undefined
    this.#details.isOpen = false
    setAttribute(this.element, 'data-split', false)
    this.render()
    this.#table.element.focus()
  }

  #showDetails(): void {
    // A call that has left the log stays as it was.
    const record = this.#calls.find(({ call }) => call === this.#table.opened)
    if (record === undefined) return
    const { outcome, kind, startedAt, error } = record
    setText(this.#details.title, `Call ${record.call}`)
    this.#details.showFact('Outcome', outcome)
    this.#details.showFact('Error', outcome === 'failed' ? errorText(error) : undefined)
    this.#details.showFact('Kind', kind)
    this.#details.showFact('Duration', durationText(record, this.#now()))
    this.#details.showFact('Started', formatTime(startedAt))
    if (this.#detailed?.call !== record.call) this.#showIds(record)
    this.#detailed = record
  }

  #showIds({ ids, size }: CallRecord): void {
    const buttons = ids.map((id) =>
      h(
        'li',
        {},
        h('button', { type: 'button', class: 'link', click: () => this.#context.openItem(id) }, id),
      ),
    )
    const rest = size - ids.length
    this.#details.body.replaceChildren(
      h('h3', {}, formatCount(size, 'item')),
      h('ul', { class: 'ids' }, ...buttons),
      ...(rest > 0 ? [h('p', { class: 'note' }, `and ${formatCount(rest, 'other')}`)] : []),
    )
  }
}
