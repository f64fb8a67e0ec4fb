import { h, setAttribute, setText } from './dom.ts'
import { icon, setIcon, type Shape } from './icon.ts'

/** One of several things to choose from. */
export interface Option<Value extends string> {
  readonly value: Value
  readonly label: string
  /** A figure beside the label; empty: none. */
  readonly figure?: string
  readonly shape?: Shape | undefined
  /** True: not shown unless it is chosen. */
  readonly isHidden?: boolean
}

/** A row of radio buttons that looks like one control. The browser gives it its keys. */
export class Choice<Value extends string> {
  readonly element: HTMLFieldSetElement
  readonly #name: string
  readonly #onChoose: (value: Value) => void
  readonly #parts = new Map<Value, Parts>()

  /** @param name of the group, unlike those of other groups in the panel */
  constructor(name: string, label: string, onChoose: (value: Value) => void) {
    this.#name = name
    this.#onChoose = onChoose
    this.element = h('fieldset', { class: 'choice' }, h('legend', { class: 'unseen' }, label))
  }

  /** Shows the options; those of before keep their elements, and so the focus. */
  show(options: readonly Option<Value>[], chosen: Value): void {
    const values = new Set(options.map(({ value }) => value))
    for (const [value, { label }] of this.#parts) {
      if (values.has(value)) continue
      label.remove()
      this.#parts.delete(value)
    }
    for (const option of options) {
      const { value, label, figure = '', shape, isHidden = false } = option
      const parts = this.#parts.get(value) ?? this.#add(value)
      setText(parts.text, label)
      setText(parts.figure, figure)
      if (shape !== undefined) setIcon(parts.icon, shape)
      setAttribute(parts.icon, 'hidden', shape === undefined)
      const isChosen = value === chosen
      if (parts.input.checked !== isChosen) parts.input.checked = isChosen
      setAttribute(parts.label, 'hidden', isHidden && !isChosen)
    }
  }

  #add(value: Value): Parts {
    const input = h('input', { type: 'radio', name: this.#name, change: () => this.#onChoose(value) })
    const parts: Parts = {
      input,
      icon: icon('active'),
      text: h('span'),
      figure: h('span', { class: 'figure' }),
      label: h('label', { class: 'option' }, input),
    }
    parts.label.append(parts.icon, parts.text, parts.figure)
    this.element.append(parts.label)
    this.#parts.set(value, parts)
    return parts
  }
}

interface Parts {
  readonly input: HTMLInputElement
  readonly icon: SVGSVGElement
  readonly text: HTMLSpanElement
  readonly figure: HTMLSpanElement
  readonly label: HTMLLabelElement
}
