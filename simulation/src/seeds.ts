import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type Violation } from './violation.ts'

/** What a worker is given. */
export interface Work {
  /** The address of a build of the package. */
  readonly subject: string
  readonly from: number
  readonly count: number
  /** A worker does every `stride`-th seed. */
  readonly stride: number
  readonly most: number
}

export interface Failure {
  readonly seed: number
  readonly violation: Violation
}

export interface Tally {
  readonly seeds: number
  readonly steps: number
  readonly calls: number
  readonly failures: readonly Failure[]
}

const workerFile = path.join(path.dirname(fileURLToPath(import.meta.url)), 'worker.js')

/** Runs seeds on several threads, until all are done or `most` have failed in one of them. */
export async function runSeeds(
  subjectFile: string,
  { from, count, workers, most }: { from: number; count: number; workers: number; most: number },
): Promise<Tally> {
  const subject = pathToFileURL(subjectFile).href
  const tallies = await Promise.all(
    Array.from({ length: workers }, (_, index) =>
      runWorker({
        subject,
        from: from + index,
        count: Math.ceil((count - index) / workers),
        stride: workers,
        most,
      }),
    ),
  )
  const sum = (field: 'seeds' | 'steps' | 'calls'): number =>
    tallies.reduce((total, tally) => total + tally[field], 0)
  return {
    seeds: sum('seeds'),
    steps: sum('steps'),
    calls: sum('calls'),
    failures: tallies.flatMap(({ failures }) => failures).sort((a, b) => a.seed - b.seed),
  }
}

function runWorker(work: Work): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, { workerData: work })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}
