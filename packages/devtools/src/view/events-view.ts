import { formatTime } from '../format/numbers.ts'
import { type EventGroup, type EventRecord, isIn } from '../record/event-record.ts'
import { Button } from './button.ts'
import { Choice } from './choice.ts'
import { h, setAttribute, setText } from './dom.ts'
import { icon } from './icon.ts'
import { searchBox } from './search-box.ts'
import type { View, ViewContext } from './view.ts'
import { type RowCells, VirtualTable } from './virtual-table.ts'

const COLUMNS = [
  { name: 'at', label: 'Time' },
  { name: 'type', label: 'Event' },
  { name: 'subject', label: 'Id' },
  { name: 'text', label: 'What' },
]

/** The events of a cache as a log. */
export class EventsView implements View {
  readonly toolbar: HTMLElement
  readonly element: HTMLElement
  readonly #context: ViewContext
  readonly #table: VirtualTable<number>
  readonly #groups: Choice<EventGroup | 'all'>
  readonly #empty: HTMLElement = h('p', { class: 'empty' })
  #text = ''
  #group: EventGroup | 'all' = 'all'
  #events: readonly EventRecord[] = []
  #total = -1

  constructor(context: ViewContext) {
    this.#context = context
    this.#table = new VirtualTable<number>({
      label: 'Events, newest first',
      name: 'events',
      columns: COLUMNS,
      createCells: () => createEventCells((index) => this.#events[index]),
      keyAt: (index) => this.#events[index]?.number,
      indexOf: (number) => this.#events.findIndex((event) => event.number === number),
      onOpen: (number) => this.#open(number),
    })
    this.#groups = new Choice('events', 'Events', (group) => this.#filter(this.#text, group))
    const clear = new Button('clear', 'Clear log', () => {
      context.inspection.recorder.events.clear()
      this.#filter(this.#text, this.#group)
      context.announce('Cleared')
    })
    this.toolbar = h(
      'div',
      { class: 'toolbar' },
      searchBox('Filter events', (text) => this.#filter(text, this.#group)),
      this.#groups.element,
      clear.element,
    )
    this.element = h('div', { class: 'list' }, this.#table.element, this.#empty)
  }

  render(): void {
    const { events } = this.#context.inspection.recorder
    if (events.total !== this.#total) this.#read()
    this.#table.render(this.#events.length)
    setAttribute(this.#empty, 'hidden', this.#events.length > 0)
    setText(this.#empty, events.length === 0 ? 'No events yet.' : 'No event passes the filter.')
    this.#groups.show(
      [
        { value: 'all', label: 'All' },
        { value: 'calls', label: 'calls' },
        { value: 'items', label: 'items' },
        { value: 'cache', label: 'cache' },
        { value: 'problems', label: 'problems', shape: 'failing' },
      ],
      this.#group,
    )
  }

  #filter(text: string, group: EventGroup | 'all'): void {
    this.#text = text
    this.#group = group
    this.#total = -1
    this.#table.element.scrollTop = 0
    this.render()
  }

  #read(): void {
    const { events } = this.#context.inspection.recorder
    const group = this.#group
    const part = this.#text.toLowerCase()
    const newest = this.#events[0]?.number ?? 0
    const passes = (event: EventRecord): boolean =>
      (group === 'all' || isIn(group, event)) &&
      (part === '' || `${event.type} ${event.id ?? ''} ${event.text}`.toLowerCase().includes(part))
    this.#events = [...events.newestFirst()].filter(passes)
    this.#total = events.total
    this.#table.keepPlace(this.#events.findIndex(({ number }) => number <= newest))
  }

  #open(number: number): void {
    this.#table.opened = number
    const id = this.#events.find((event) => event.number === number)?.id
    if (id !== undefined && this.#context.inspection.target.cache.has(id)) this.#context.openItem(id)
    else this.render()
  }
}

function createEventCells(eventAt: (index: number) => EventRecord | undefined): RowCells {
  const at = h('div')
  const shape = icon('failing')
  const word = h('span', { class: 'word' })
  const type = h('div', {}, word, shape)
  const subject = h('div')
  const text = h('div')
  return {
    cells: [at, type, subject, text],
    write(index) {
      const event = eventAt(index)
      if (event === undefined) return
      setText(at, formatTime(event.at))
      setText(word, event.type)
      setAttribute(shape, 'hidden', !event.isProblem)
      setAttribute(type, 'data-problem', event.isProblem)
      setText(subject, event.id ?? '')
      setText(text, event.text)
      setAttribute(text, 'title', event.text === '' ? undefined : event.text)
    },
  }
}
