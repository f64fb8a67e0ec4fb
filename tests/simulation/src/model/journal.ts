const NOTHING: readonly string[] = []

/** What happens to each id in one turn: what events have to tell, and whether listeners have to be told. */
export class Journal {
  readonly #events = new Map<string, string[]>()
  readonly #changes = new Map<string, number>()
  readonly #activities = new Map<string, number>()

  tell(id: string, what: string): void {
    const events = this.#events.get(id)
    if (events === undefined) this.#events.set(id, [what])
    else events.push(what)
  }

  /** Something that every subscriber is told. */
  change(id: string): void {
    this.#changes.set(id, this.changes(id) + 1)
    this.activity(id)
  }

  /** Something that only subscribers to activity are told. */
  activity(id: string): void {
    this.#activities.set(id, this.activities(id) + 1)
  }

  events(id: string): readonly string[] {
    return this.#events.get(id) ?? NOTHING
  }

  changes(id: string): number {
    return this.#changes.get(id) ?? 0
  }

  activities(id: string): number {
    return this.#activities.get(id) ?? 0
  }

  clear(): void {
    this.#events.clear()
    this.#changes.clear()
    this.#activities.clear()
  }
}
