import { isSameJob, type Job } from '../world/job.ts'
import type { Polling, World } from '../world/world.ts'

/** The first program that one would write: `setInterval` per item, a call each, a map, a map of listeners. */
export function competitor({ work, backend, subjects }: World): Polling {
  const items = new Map<string, Job>()
  const listeners = new Map<string, Set<() => void>>()
  const isSame = work.answers === 'same' ? Object.is : isSameJob
  let told = 0
  for (const { id, job, interval } of subjects) {
    items.set(id, job)
    if (work.observed) listeners.set(id, new Set([() => void (told += 1)]))
    const ask = backend.source(job)
    const refresh = async (): Promise<void> => {
      const item = await ask()
      const present = items.get(id)
      if (present !== undefined && isSame(present, item)) return
      items.set(id, item)
      for (const listener of listeners.get(id) ?? []) listener()
    }
    setInterval(() => void refresh(), interval)
    void refresh()
  }
  return { told: () => told }
}
