interface Task {
  readonly at: number
  readonly run: () => void
}

/** What happens later, first things first. */
export class Agenda {
  readonly #tasks = new Set<Task>()

  add(at: number, run: () => void): void {
    this.#tasks.add({ at, run })
  }

  get next(): number {
    let next = Infinity
    for (const { at } of this.#tasks) next = Math.min(next, at)
    return next
  }

  /** Runs the task that is due first, if one is due. */
  runFirst(now: number): void {
    let first: Task | undefined
    for (const task of this.#tasks)
      if (task.at <= now && (first === undefined || task.at < first.at)) first = task
    if (first === undefined) return
    this.#tasks.delete(first)
    first.run()
  }

  runAll(): void {
    const tasks = [...this.#tasks]
    this.#tasks.clear()
    for (const { run } of tasks) run()
  }

  /** None of the present tasks ever runs by itself. */
  suspend(): void {
    const tasks = [...this.#tasks]
    this.#tasks.clear()
    for (const { run } of tasks) this.add(Infinity, run)
  }
}
