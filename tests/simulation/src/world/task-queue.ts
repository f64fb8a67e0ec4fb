interface Task {
  readonly at: number
  readonly run: () => void
}

/** Tasks of a later time, run one by one, the earliest first. */
export class TaskQueue {
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

  /** Keeps the present tasks for `runAll`: none of them becomes due. */
  suspend(): void {
    const tasks = [...this.#tasks]
    this.#tasks.clear()
    for (const { run } of tasks) this.add(Infinity, run)
  }
}
