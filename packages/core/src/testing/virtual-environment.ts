import type { Environment } from '../environment/environment.ts'

/** A page that is hidden and shown, and a network that goes and comes, by command. */
export class VirtualEnvironment implements Environment {
  #visible = true
  #online = true
  readonly #listeners = new Set<() => void>()

  isVisible(): boolean {
    return this.#visible
  }

  isOnline(): boolean {
    return this.#online
  }

  /** Hides or shows the page. */
  setVisible(visible: boolean): void {
    if (this.#visible === visible) return
    this.#visible = visible
    this.#tell()
  }

  /** Takes the network away, or gives it back. */
  setOnline(online: boolean): void {
    if (this.#online === online) return
    this.#online = online
    this.#tell()
  }

  /** How many listeners there are: 0 once every cache is stopped. */
  get listeners(): number {
    return this.#listeners.size
  }

  subscribe(listener: () => void): () => void {
    // A function of its own, so that the same listener subscribed twice is told twice.
    const call = (): void => listener()
    this.#listeners.add(call)
    return () => {
      this.#listeners.delete(call)
    }
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}
