import type { Job } from '@auto-refresh/demo-server/api'
import type { FarmClient } from './farm-client.ts'
import { randomScene, type SceneChoice } from './scenes.ts'

/** The wanted jobs that the farm has taken, and why no more. */
export interface Submission {
  readonly jobs: readonly Job[]
  /** Undefined if it has taken all. */
  readonly error?: Error
}

/** Submits renders one after the other: the farm renders them in the order in which they arrive. */
export async function submitRenders(
  farm: Pick<FarmClient, 'submit'>,
  count: number,
  choice: SceneChoice,
): Promise<Submission> {
  const jobs: Job[] = []
  try {
    while (jobs.length < count) jobs.push((await farm.submit(randomScene(choice, Math.random))).job)
    return { jobs }
  } catch (error) {
    return { jobs, error: error instanceof Error ? error : new Error(String(error)) }
  }
}
