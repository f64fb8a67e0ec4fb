import { fork } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Violation } from './violation.ts'

/** Input of a worker. */
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

/**
 * Processes and not threads, for only they take flags of V8. What a run has made is garbage with its end: objects that V8 takes
 * for long-lived would keep whole worlds of it. Several threads that collect are in each other's way where every core has its own
 * worker. And without long inlining the compiler, which is half of the first 10,000 seeds, has less to do; the code is as fast.
 */
const FLAGS = [
  '--no-allocation-site-pretenuring',
  '--single-threaded-gc',
  '--max-inlined-bytecode-size-cumulative=100',
]

/** ms; a seed that takes longer is in an endless loop. */
const PATIENCE = 60_000

/** Runs seeds in several processes, until all are done or `most` have failed in one of them. */
export async function runSeeds(
  subjectFile: string,
  { from, count, workers, most }: { from: number; count: number; workers: number; most: number },
  onFailure: (failure: Failure) => void = () => undefined,
): Promise<Tally> {
  const subject = pathToFileURL(subjectFile).href
  const tallies = await Promise.all(
    Array.from({ length: workers }, (_, index) =>
      runWorker(
        {
          subject,
          from: from + index,
          count: Math.ceil((count - index) / workers),
          stride: workers,
          most,
        },
        onFailure,
      ),
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

function runWorker(work: Work, onFailure: (failure: Failure) => void): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = fork(workerFile, [JSON.stringify(work)], { execArgv: FLAGS })
    let seed = work.from
    let timer: NodeJS.Timeout | undefined
    const hangs = (): void => {
      worker.kill('SIGKILL')
      const violation: Violation = { rule: 'hangs', message: `no end after ${PATIENCE / 1000} s` }
      onFailure({ seed, violation })
      resolve({ seeds: 1, steps: 0, calls: 0, failures: [{ seed, violation }] })
    }
    worker.on('message', (message) => {
      clearTimeout(timer)
      // A worker sends the number of each seed that it begins, each failure, and at last its tally.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const sent = message as number | Failure | Tally
      if (typeof sent !== 'number' && 'seeds' in sent) return resolve(sent)
      if (typeof sent === 'number') seed = sent
      else onFailure(sent)
      timer = setTimeout(hangs, PATIENCE)
    })
    worker.once('error', reject)
    worker.once('exit', (code, signal) => reject(new Error(`a worker ended: ${String(code ?? signal)}`)))
  })
}
