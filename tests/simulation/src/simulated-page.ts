import type { Environment } from '@auto-refresh/core'

/** A page that is shown and hidden, and a network that comes and goes, by command. */
export class SimulatedPage implements Environment {
  readonly #listeners = new Set<() => void>()
  #visible = true
  #online = true

  isVisible(): boolean {
    return this.#visible
  }

  isOnline(): boolean {
    return this.#online
  }

  subscribe(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  get listeners(): number {
    return this.#listeners.size
  }

  set(visible: boolean, online: boolean): void {
    if (this.#visible === visible && this.#online === online) return
    this.#visible = visible
    this.#online = online
    for (const listener of this.#listeners) listener()
  }
}
