import type { MountPanel, PanelContext } from './panel.ts'

/** The place of one panel: mounts and unmounts it, also where its framework is still on its way. */
export class PanelSlot {
  readonly #element: HTMLElement
  readonly #load: () => Promise<MountPanel>
  readonly #context: PanelContext
  #isWanted = false
  #unmount: (() => void) | undefined

  constructor(element: HTMLElement, load: () => Promise<MountPanel>, context: PanelContext) {
    this.#element = element
    this.#load = load
    this.#context = context
  }

  async show(isWanted: boolean): Promise<void> {
    this.#isWanted = isWanted
    const mount = isWanted ? await this.#load() : undefined
    // It may have been asked for something else meanwhile.
    if (this.#isWanted !== isWanted) return
    if (mount === undefined) {
      this.#unmount?.()
      this.#unmount = undefined
    } else {
      this.#unmount ??= mount(this.#element, this.#context)
    }
  }
}
