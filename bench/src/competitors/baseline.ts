import type { Answered, Asked } from '../world/backend.ts'
import { isSameJob, type Job } from '../world/job.ts'
import { BATCH, INTERVAL } from '../world/work.ts'
import type { Polling, World } from '../world/world.ts'

export type Listener = () => void

interface Row {
  job: Job
  listeners: readonly Listener[]
}

interface BaselineRound {
  readonly sync: (batch: readonly Asked[]) => Promise<readonly Answered[]>
  readonly isSame: (a: Job, b: Job) => boolean
  readonly atOnce: boolean
}

/** The least program, written by hand: one timer, one call per batch, one map, one listener call per change. */
export class Baseline {
  readonly #rows = new Map<string, Row>()

  get(id: string): Job | undefined {
    return this.#rows.get(id)?.job
  }

  set(id: string, job: Job): void {
    this.#rows.set(id, { job, listeners: NOBODY })
  }

  subscribe(id: string, listener: Listener): () => void {
    const row = this.#rows.get(id)
    if (row === undefined) return () => {}
    row.listeners = row.listeners.length === 0 ? [listener] : [...row.listeners, listener]
    return () => {
      row.listeners = row.listeners.length === 1 ? NOBODY : row.listeners.filter((each) => each !== listener)
    }
  }

  /** Refreshes all items, one batch after the other or all batches at once. */
  async refresh({ sync, isSame, atOnce }: BaselineRound): Promise<void> {
    const ids = [...this.#rows.keys()]
    const running: Promise<void>[] = []
    for (let from = 0; from < ids.length; from += BATCH) {
      const call = this.#refreshBatch(ids.slice(from, from + BATCH), sync, isSame)
      if (atOnce) running.push(call)
      else await call
    }
    await Promise.all(running)
  }

  async #refreshBatch(
    ids: readonly string[],
    sync: BaselineRound['sync'],
    isSame: BaselineRound['isSame'],
  ): Promise<void> {
    const batch: Asked[] = []
    for (const id of ids) {
      const row = this.#rows.get(id)
      if (row !== undefined) batch.push({ id, item: row.job })
    }
    for (const { id, item } of await sync(batch)) {
      const row = this.#rows.get(id)
      if (row === undefined || isSame(row.job, item)) continue
      row.job = item
      for (const listener of row.listeners) listener()
    }
  }

  /** Refreshes one interval after the end of each round. */
  poll(round: () => Promise<void>): void {
    const again = (): void => {
      setTimeout(() => void round().then(again), INTERVAL)
    }
    void round().then(again)
  }
}

const NOBODY: readonly Listener[] = []

export function createBaseline({ work, subjects, backend }: World): {
  baseline: Baseline
  round: () => Promise<void>
} {
  const baseline = new Baseline()
  for (const { id, job } of subjects) baseline.set(id, job)
  const isSame = work.answers === 'same' ? Object.is : isSameJob
  const sync = (batch: readonly Asked[]): Promise<Answered[]> => backend.answer(batch)
  return { baseline, round: () => baseline.refresh({ sync, isSame, atOnce: work.together }) }
}

export function competitor(world: World): Polling {
  const { baseline, round } = createBaseline(world)
  let told = 0
  if (world.work.observed) for (const { id } of world.subjects) baseline.subscribe(id, () => (told += 1))
  baseline.poll(round)
  return { told: () => told }
}
