import { h, setAttribute, setText } from './dom.ts'

/** A tab, and the id of the panel that it shows. */
export interface Tab<Name extends string> {
  readonly name: Name
  readonly label: string
}

/** A row of tabs. Arrow keys choose. */
export class Tabs<Name extends string> {
  readonly element: HTMLElement
  readonly #buttons = new Map<Name, { readonly button: HTMLButtonElement; readonly figure: HTMLElement }>()
  readonly #onChoose: (name: Name) => void
  #names: readonly Name[] = []
  #chosen: Name | undefined

  constructor(label: string, onChoose: (name: Name) => void) {
    this.#onChoose = onChoose
    this.element = h('div', {
      role: 'tablist',
      class: 'tabs',
      'aria-label': label,
      keydown: (event) => this.#onKey(event),
    })
  }

  /** @param panel id of the element that shows the chosen tab */
  show(tabs: readonly Tab<Name>[], chosen: Name, panel: string): void {
    this.#names = tabs.map(({ name }) => name)
    this.#chosen = chosen
    this.#buttons.clear()
    const buttons = tabs.map(({ name, label }) => {
      const figure = h('span', { class: 'figure' })
      const isChosen = name === chosen
      const button = h(
        'button',
        {
          type: 'button',
          role: 'tab',
          class: 'tab',
          id: `tab-${name}`,
          'aria-selected': isChosen ? 'true' : 'false',
          'aria-controls': panel,
          tabindex: isChosen ? 0 : -1,
          click: () => this.#onChoose(name),
        },
        label,
        figure,
      )
      this.#buttons.set(name, { button, figure })
      return button
    })
    this.element.replaceChildren(...buttons)
  }

  choose(chosen: Name): void {
    this.#chosen = chosen
    for (const [name, { button }] of this.#buttons) {
      setAttribute(button, 'aria-selected', name === chosen ? 'true' : 'false')
      setAttribute(button, 'tabindex', name === chosen ? 0 : -1)
    }
  }

  showFigure(name: Name, figure: string): void {
    const tab = this.#buttons.get(name)
    if (tab !== undefined) setText(tab.figure, figure)
  }

  #onKey(event: Event): void {
    if (!(event instanceof KeyboardEvent)) return
    const { length } = this.#names
    const at = this.#names.findIndex((name) => name === this.#chosen)
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: (at + 1) % length,
      ArrowLeft: (at + length - 1) % length,
      Home: 0,
      End: length - 1,
    }
    const name = this.#names[moves[event.key] ?? -1]
    if (name === undefined) return
    event.preventDefault()
    this.#onChoose(name)
    this.#buttons.get(name)?.button.focus()
  }
}
