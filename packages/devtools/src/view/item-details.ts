import type { ItemId, ItemSnapshot } from '@auto-refresh/core'
import { errorText } from '../format/error-text.ts'
import { inspectInFull, redact } from '../format/inspect.ts'
import { formatNumber, formatSpan } from '../format/numbers.ts'
import { refreshItem } from '../items/act.ts'
import { epochOf, observersOf } from '../items/seam.ts'
import { Button } from './button.ts'
import { Details } from './details.ts'
import { h, setAttribute, setText } from './dom.ts'
import { ageText, nextText, wordOf } from './item-cells.ts'
import { ValueEditor, whyNotEditable } from './value-editor.ts'
import type { ViewContext } from './view.ts'

/** Everything about one item, and what can be done with it. */
export class ItemDetails {
  readonly details: Details
  readonly #context: ViewContext
  readonly #refresh: Button
  readonly #edit: HTMLButtonElement
  readonly #delete: HTMLButtonElement
  readonly #value: HTMLElement = h('pre', { class: 'value', tabindex: 0, 'aria-label': 'Value' })
  readonly #reveal: HTMLButtonElement
  #editor: ValueEditor | undefined
  #id: ItemId | undefined

  constructor(context: ViewContext, onClose: () => void) {
    this.#context = context
    this.details = new Details('Item', onClose)
    this.#refresh = new Button('refresh', 'Refresh', () => this.#onRefresh())
    this.#edit = h('button', { class: 'button', type: 'button', click: () => this.#startEditing() }, 'Edit')
    this.#delete = h('button', { class: 'button', type: 'button', click: () => this.#onDelete() }, 'Delete')
    this.#reveal = h('button', { class: 'button', type: 'button', click: context.showValues }, 'Show values')
    this.details.actions.append(this.#refresh.element, this.#edit, this.#delete)
    this.details.body.append(h('h3', {}, 'Value'), this.#value, this.#reveal)
  }

  get id(): ItemId | undefined {
    return this.#id
  }

  /** Shows another item; undefined closes the pane. */
  show(id: ItemId | undefined): void {
    if (id !== this.#id) this.#endEditing()
    this.#id = id
    this.details.isOpen = id !== undefined
    this.render()
  }

  render(): void {
    const id = this.#id
    if (id === undefined) return
    const { cache } = this.#context.inspection.target
    const snapshot = cache.getSnapshot(id)
    setText(this.details.title, id)
    this.#showFacts(id, snapshot, epochOf(cache))
    this.#showValue(snapshot)
    const isGone = snapshot.status === 'missing'
    this.#refresh.isDisabled = isGone || !cache.isRunning
    this.#delete.disabled = isGone
  }

  #showFacts(id: ItemId, snapshot: ItemSnapshot<unknown>, now: number): void {
    const { details } = this
    const observers = observersOf(this.#context.inspection.target.cache, id)
    const ago = (at: number | undefined): string => (at === undefined ? '–' : `${formatSpan(now - at)} ago`)
    details.showFact('Status', wordOf(snapshot) + (snapshot.isRefreshing ? ', refreshing' : ''))
    details.showFact('Age', ageText(snapshot, now))
    details.showFact('Next refresh', nextText(snapshot, now))
    details.showFact('Changed', ago(snapshot.changedAt))
    details.showFact('Unchanged', `${formatNumber(snapshot.unchangedCount)} in a row`)
    details.showFact('Failures', `${formatNumber(snapshot.failureCount)} in a row`)
    details.showFact('Error', snapshot.failureCount > 0 ? errorText(snapshot.error) : undefined)
    details.showFact('Observers', observers === undefined ? 'not told' : formatNumber(observers))
    details.showFact('Created', ago(snapshot.createdAt))
  }

  #showValue({ item }: ItemSnapshot<unknown>): void {
    const areShown = this.#context.areValuesShown()
    const isEditing = this.#editor !== undefined
    setAttribute(this.#value, 'hidden', isEditing)
    setAttribute(this.#reveal, 'hidden', areShown || isEditing || item === undefined)
    const text = areShown ? inspectInFull(item) : redact(item)
    setText(this.#value, item === undefined ? 'no value yet' : text)
    setAttribute(this.#value, 'data-redacted', !areShown)
    const reason = whyNotEditable(item, areShown)
    this.#edit.disabled = reason !== undefined || isEditing
    setAttribute(this.#edit, 'title', reason)
  }

  #onRefresh(): void {
    const { inspection, announce } = this.#context
    if (this.#id !== undefined) void refreshItem(inspection.target.cache, this.#id, announce)
    this.#context.render()
  }

  #onDelete(): void {
    const { inspection, announce } = this.#context
    const id = this.#id
    if (id === undefined || !inspection.target.cache.delete(id)) return
    announce(`Deleted ${id}`)
    this.details.title.focus()
    this.#context.render()
  }

  #startEditing(): void {
    const { inspection, announce } = this.#context
    const id = this.#id
    if (id === undefined) return
    const { cache } = inspection.target
    const { item } = cache.getSnapshot(id)
    this.#editor = new ValueEditor(id, item, {
      cache,
      announce,
      onEnd: () => {
        this.#endEditing()
        this.render()
        this.#edit.focus()
      },
    })
    this.details.body.append(this.#editor.element)
    this.render()
    this.#editor.focus()
  }

  #endEditing(): void {
    this.#editor?.element.remove()
    this.#editor = undefined
  }
}
