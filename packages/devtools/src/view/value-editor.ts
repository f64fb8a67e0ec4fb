import type { AutoRefresh, ItemId } from '@auto-refresh/core'
import { errorText } from '../format/error-text.ts'
import { isJson } from '../format/is-json.ts'
import { h, setText } from './dom.ts'

/** An editor's access to its surroundings. */
interface EditorContext {
  readonly cache: AutoRefresh<unknown>
  readonly announce: (text: string) => void
  readonly onEnd: () => void
}

/** A field in which the value of an item is edited as JSON. */
export class ValueEditor {
  readonly element: HTMLFormElement
  readonly #field: HTMLTextAreaElement
  readonly #error: HTMLElement = h('p', { class: 'problem', role: 'alert', id: 'edit-problem' })
  readonly #context: EditorContext
  readonly #id: ItemId

  constructor(id: ItemId, item: unknown, context: EditorContext) {
    this.#id = id
    this.#context = context
    this.#field = h('textarea', {
      'aria-label': `Value of ${id} as JSON`,
      'aria-describedby': 'edit-problem',
      spellcheck: 'false',
      rows: 10,
    })
    this.#field.value = JSON.stringify(item, undefined, 2)
    this.element = h(
      'form',
      { class: 'editor', submit: (event) => this.#submit(event), keydown: (event) => this.#onKey(event) },
      this.#field,
      this.#error,
      h('p', { class: 'note' }, 'The next refresh replaces it with what the source says.'),
      h(
        'div',
        { class: 'actions' },
        h('button', { class: 'button primary', type: 'submit' }, 'Save'),
        h('button', { class: 'button', type: 'button', click: context.onEnd }, 'Cancel'),
      ),
    )
  }

  focus(): void {
    this.#field.focus()
  }

  #submit(event: Event): void {
    event.preventDefault()
    const { cache, announce, onEnd } = this.#context
    try {
      const item: unknown = JSON.parse(this.#field.value)
      if (!cache.update(this.#id, item)) throw new Error('the item is gone')
    } catch (error) {
      setText(this.#error, `Not saved: ${errorText(error)}`)
      return
    }
    announce(`Saved ${this.#id}`)
    onEnd()
  }

  #onKey(event: Event): void {
    if (!(event instanceof KeyboardEvent) || event.key !== 'Escape') return
    event.stopPropagation()
    this.#context.onEnd()
  }
}

/** Returns why an item cannot be edited; undefined if it can. */
export function whyNotEditable(item: unknown, areValuesShown: boolean): string | undefined {
  if (item === undefined) return 'It has no value yet'
  if (!areValuesShown) return 'Show values to edit one'
  return isJson(item) ? undefined : 'Only plain data can be edited: JSON would lose a part of this value'
}
