import type { Batch, SyncResponse } from '@auto-refresh/core'
import { VirtualClock, VirtualEnvironment } from '@auto-refresh/core/testing'
import { SharedAutoRefresh, type SharedOptions } from '@auto-refresh/share'
import { Bus, type BusOptions } from '@auto-refresh/share/testing'

export interface Job {
  readonly done: boolean
  readonly step: number
}

export const running = (step = 0): Job => ({ done: false, step })
export const done = (step = 0): Job => ({ done: true, step })
export const isTerminal = (job: Job): boolean => job.done

export interface Call {
  readonly by: string
  readonly at: number
  readonly ids: readonly string[]
  readonly batch: Batch<Job>
  readonly answer: (responses: readonly SyncResponse<Job>[]) => void
  readonly fail: (error: unknown) => void
}

export type Answer = (batch: Batch<Job>, call: Call) => readonly SyncResponse<Job>[] | 'wait'

export interface Member {
  readonly name: string
  readonly cache: SharedAutoRefresh<Job>
  readonly environment: VirtualEnvironment
}

export interface Group {
  readonly clock: VirtualClock
  readonly bus: Bus
  readonly calls: Call[]
  /** Items of the source; an absent one has step 0. */
  readonly source: Map<string, Job>
  /** Adds a member, and starts it. */
  readonly join: (name: string, options?: Partial<SharedOptions<Job>>) => Member
}

/** Members on one bus, over one source that answers what is in `source`, or by `answer`. */
export function group(
  given: {
    readonly answer?: Answer
    readonly bus?: BusOptions
    readonly options?: Partial<SharedOptions<Job>>
  } = {},
): Group {
  const clock = new VirtualClock(1_000_000)
  const bus = new Bus(clock, { latency: 1, ...given.bus })
  const calls: Call[] = []
  const source = new Map<string, Job>()
  const answer: Answer =
    given.answer ?? ((batch) => batch.map(({ id }) => ({ id, item: source.get(id) ?? running() })))
  const join: Group['join'] = (name, options = {}) => {
    const environment = new VirtualEnvironment()
    const cache = new SharedAutoRefresh<Job>({
      interval: 1000,
      jitter: 0,
      random: () => 0,
      isTerminal,
      clock,
      environment,
      group: 'A',
      transport: bus.transport(name),
      sync: (batch) => {
        let settle: Pick<Call, 'answer' | 'fail'> | undefined
        const later = new Promise<readonly SyncResponse<Job>[]>((resolve, reject) => {
          settle = { answer: resolve, fail: reject }
        })
        const call: Call = {
          by: name,
          at: clock.now(),
          ids: batch.map(({ id }) => id),
          batch,
          answer: (responses) => settle?.answer(responses),
          fail: (error) => settle?.fail(error),
        }
        calls.push(call)
        const answered = answer(batch, call)
        return answered === 'wait' ? later : answered
      },
      ...given.options,
      ...options,
    })
    cache.start()
    return { name, cache, environment }
  }
  return { clock, bus, calls, source, join }
}
