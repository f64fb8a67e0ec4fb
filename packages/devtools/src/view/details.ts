import { Button } from './button.ts'
import { h, setAttribute, setText } from './dom.ts'

/** A pane beside a table, or over it in a narrow panel: a title, facts, and what else belongs to the entry. */
export class Details {
  readonly element: HTMLElement
  readonly title: HTMLElement = h('h2', { class: 'details-title', tabindex: -1 })
  readonly actions: HTMLElement = h('div', { class: 'actions' })
  readonly body: HTMLElement = h('div', { class: 'details-body' })
  readonly #facts: HTMLDListElement = h('dl', { class: 'facts' })
  readonly #values = new Map<string, { readonly term: HTMLElement; readonly value: HTMLElement }>()

  constructor(label: string, onClose: () => void) {
    const close = new Button('close', 'Close details', onClose)
    close.element.classList.add('is-plain')
    this.element = h(
      'section',
      {
        class: 'details',
        'aria-label': label,
        hidden: true,
        keydown: (event) => {
          if (event instanceof KeyboardEvent && event.key === 'Escape') onClose()
        },
      },
      h('header', { class: 'details-head' }, this.title, close.element),
      this.actions,
      this.#facts,
      this.body,
    )
  }

  set isOpen(isOpen: boolean) {
    setAttribute(this.element, 'hidden', !isOpen)
  }

  /** Shows a fact; undefined leaves it out. */
  showFact(name: string, text: string | undefined): void {
    const fact = this.#values.get(name) ?? this.#addFact(name)
    setAttribute(fact.term, 'hidden', text === undefined)
    setAttribute(fact.value, 'hidden', text === undefined)
    if (text !== undefined) setText(fact.value, text)
  }

  #addFact(name: string): { readonly term: HTMLElement; readonly value: HTMLElement } {
    const fact = { term: h('dt', {}, name), value: h('dd') }
    this.#facts.append(fact.term, fact.value)
    this.#values.set(name, fact)
    return fact
  }
}
