import { refreshEveryItem } from '../items/act.ts'
import { Button } from './button.ts'
import { h } from './dom.ts'
import type { ViewContext } from './view.ts'

/** Actions on a whole cache. */
export class CacheButtons {
  readonly element: HTMLElement
  readonly #context: ViewContext
  readonly #refresh: Button
  readonly #pause: Button

  constructor(context: ViewContext) {
    this.#context = context
    const { cache } = context.inspection.target
    this.#refresh = new Button('refresh', 'Refresh all', () => void refreshEveryItem(cache, context.announce))
    this.#pause = new Button('pause', 'Pause', () => this.#onPause())
    this.element = h('span', { class: 'buttons' }, this.#refresh.element, this.#pause.element)
  }

  render(): void {
    const { state } = this.#context.inspection.target.cache.getStatus()
    this.#refresh.isDisabled = state === 'stopped'
    // A stopped cache does not say whether it is paused.
    this.#pause.isDisabled = state === 'stopped'
    if (state === 'paused') this.#pause.show('resume', 'Resume')
    else this.#pause.show('pause', 'Pause')
  }

  #onPause(): void {
    const { inspection, announce, render } = this.#context
    const { cache } = inspection.target
    if (cache.getStatus().state === 'paused') {
      cache.resume()
      announce('Resumed')
    } else {
      cache.pause()
      announce('Paused')
    }
    render()
  }
}
