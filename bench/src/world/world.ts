import { Backend } from './backend.ts'
import { VirtualTime } from './virtual-time.ts'
import { subjectsOf, type Subject, type Work } from './work.ts'

/** World of a competitor: a backend, jobs, and a clock, which is virtual except where memory is measured. */
export interface World {
  readonly work: Work
  readonly backend: Backend
  readonly subjects: readonly Subject[]
  /** Undefined: the runtime's own. */
  readonly time: VirtualTime | undefined
}

/** A competitor that polls. */
export interface Polling {
  /** Number of calls of subscribers. */
  readonly told: () => number
}

/** Adds all items, subscribes to each if the work says so, and polls from then on. */
export type Competitor = (world: World) => Polling | Promise<Polling>

export function createWorld(work: Work): World {
  return { work, backend: new Backend(work), subjects: subjectsOf(work), time: undefined }
}

/**
 * The same on a virtual time, which replaces the globals from now on.
 *
 * @param settle waits between two timers
 */
export function createVirtualWorld(
  work: Work,
  settle?: () => Promise<void>,
): World & { readonly time: VirtualTime } {
  const time = new VirtualTime(settle)
  time.install()
  return { ...createWorld(work), time }
}
