import type { Faults } from '../simulation/faults.ts'
import type { Simulation } from '../simulation/simulation.ts'
import { h } from './dom.ts'
import type { View, ViewContext } from './view.ts'

/** ms that a slow call takes if nobody says otherwise. */
const SLOW = 2000

/** Switches for the faults of a cache that was made with `simulate`. */
export class SimulationView implements View {
  readonly toolbar: HTMLElement | undefined = undefined
  readonly element: HTMLElement
  readonly #context: ViewContext
  readonly #simulation: Simulation
  readonly #switches: readonly {
    readonly input: HTMLInputElement
    readonly isOn: (faults: Faults) => boolean
  }[]
  readonly #delay: HTMLInputElement
  readonly #poison: HTMLInputElement
  readonly #clear: HTMLButtonElement

  constructor(context: ViewContext, simulation: Simulation) {
    this.#context = context
    this.#simulation = simulation
    const set = (changes: Partial<Faults>): void => this.#set(changes)
    const toggle = (change: (isOn: boolean) => Partial<Faults>): HTMLInputElement => {
      const input: HTMLInputElement = h('input', {
        type: 'checkbox',
        role: 'switch',
        change: () => set(change(input.checked)),
      })
      return input
    }
    this.#delay = h('input', {
      type: 'number',
      min: 1,
      step: 100,
      'aria-label': 'Delay in milliseconds',
      change: () => {
        if (simulation.faults.delay > 0) set({ delay: this.#slow() })
      },
    })
    this.#delay.value = String(SLOW)
    this.#poison = h('input', {
      type: 'text',
      'aria-label': 'Poisonous id',
      placeholder: 'id',
      spellcheck: 'false',
      autocomplete: 'off',
      change: () => {
        if (simulation.faults.poisonousId !== undefined) set({ poisonousId: this.#poisonousId() })
      },
    })
    const offline = toggle((isOn) => ({ offline: isOn }))
    const hidden = toggle((isOn) => ({ hidden: isOn }))
    const slow = toggle((isOn) => ({ delay: isOn ? this.#slow() : 0 }))
    const failing = toggle((isOn) => ({ failing: isOn }))
    const poison = toggle((isOn) => ({ poisonousId: isOn ? this.#poisonousId() : undefined }))
    this.#switches = [
      { input: offline, isOn: (faults) => faults.offline },
      { input: hidden, isOn: (faults) => faults.hidden },
      { input: slow, isOn: (faults) => faults.delay > 0 },
      { input: failing, isOn: (faults) => faults.failing },
      { input: poison, isOn: (faults) => faults.poisonousId !== undefined },
    ]
    this.#clear = h(
      'button',
      {
        type: 'button',
        class: 'button',
        click: () =>
          this.#set({ offline: false, hidden: false, delay: 0, failing: false, poisonousId: undefined }),
      },
      'Switch all off',
    )
    this.element = h(
      'div',
      { class: 'simulation' },
      fault(offline, 'Offline', 'The cache takes the network for lost; calls that are asked for fail.'),
      fault(hidden, 'Hidden', 'The cache takes the page for hidden.'),
      fault(slow, 'Slow', 'Each call waits before it reaches the source.', this.#delay, 'ms'),
      fault(failing, 'Failing', 'Every call fails.'),
      fault(poison, 'One poisonous id', 'Each call that contains the id fails.', this.#poison),
      h('div', { class: 'actions' }, this.#clear),
    )
  }

  render(): void {
    const { faults } = this.#simulation
    for (const { input, isOn } of this.#switches) input.checked = isOn(faults)
    this.#clear.disabled = this.#switches.every(({ isOn }) => !isOn(faults))
    if (faults.delay > 0 && !this.#hasFocus(this.#delay)) this.#delay.value = String(faults.delay)
    if (faults.poisonousId !== undefined && !this.#hasFocus(this.#poison))
      this.#poison.value = faults.poisonousId
  }

  /** The delay in the field, ms; if that is none, the default. */
  #slow(): number {
    const delay = this.#delay.valueAsNumber
    return delay > 0 ? delay : SLOW
  }

  /** The id in the field; if it is empty, the first of the cache. */
  #poisonousId(): string | undefined {
    const [first] = this.#context.inspection.target.cache.ids()
    return this.#poison.value || first
  }

  #set(changes: Partial<Faults>): void {
    this.#simulation.set(changes)
    this.#context.render()
  }

  #hasFocus(input: HTMLInputElement): boolean {
    return input.matches(':focus')
  }
}

function fault(
  input: HTMLInputElement,
  name: string,
  text: string,
  ...more: readonly (Node | string)[]
): HTMLElement {
  const label = h(
    'label',
    { class: 'fault-label' },
    input,
    h('span', { class: 'switch' }),
    h('span', { class: 'fault-name' }, name),
  )
  return h(
    'div',
    { class: 'fault' },
    label,
    h('span', { class: 'fault-more' }, ...more),
    h('p', { class: 'note' }, text),
  )
}
