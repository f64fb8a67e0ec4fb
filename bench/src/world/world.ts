import { Backend } from './backend.ts'
import { VirtualTime } from './virtual-time.ts'
import { subjectsOf, type Subject, type Work } from './work.ts'

/** What a competitor finds: a backend, jobs, and a time that is virtual but where memory is measured. */
export interface World {
  readonly work: Work
  readonly backend: Backend
  readonly subjects: readonly Subject[]
  /** Undefined: the runtime's own. */
  readonly time: VirtualTime | undefined
}

/** A competitor at work. */
export interface Polling {
  /** How often a subscriber was told of a change. */
  readonly told: () => number
}

/** Puts all items in, subscribes to each where the work says so, and polls from then on. */
export type Competitor = (world: World) => Polling | Promise<Polling>

export function createWorld(work: Work): World {
  return { work, backend: new Backend(work), subjects: subjectsOf(work), time: undefined }
}

/**
 * The same on a virtual time, which is everybody's from now on.
 *
 * @param settle what is waited for between two timers
 */
export function createVirtualWorld(
  work: Work,
  settle?: () => Promise<void>,
): World & { readonly time: VirtualTime } {
  const time = new VirtualTime(settle)
  time.install()
  return { ...createWorld(work), time }
}
