import { h, setAttribute, setText } from './dom.ts'
import { icon, type Line, setIcon } from './icon.ts'

/** A button with an icon, and words that a narrow panel leaves out. */
export class Button {
  readonly element: HTMLButtonElement
  readonly #icon: SVGSVGElement
  readonly #label: HTMLSpanElement = h('span', { class: 'button-label' })

  constructor(line: Line, label: string, onPress: () => void) {
    this.#icon = icon(line)
    this.element = h('button', { type: 'button', class: 'button', click: onPress }, this.#icon, this.#label)
    this.show(line, label)
  }

  show(line: Line, label: string): void {
    setIcon(this.#icon, line)
    setText(this.#label, label)
    setAttribute(this.element, 'aria-label', label)
    setAttribute(this.element, 'title', label)
  }

  set isDisabled(isDisabled: boolean) {
    if (this.element.disabled !== isDisabled) this.element.disabled = isDisabled
  }
}
