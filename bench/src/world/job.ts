/** A small object, as a backend answers. */
export interface Job {
  readonly id: number
  readonly state: string
  readonly progress: number
}

export function newJob(id: number): Job {
  return { id, state: 'running', progress: 0 }
}

/** Equality written by hand for this type. */
export function isSameJob(a: Job, b: Job): boolean {
  return a.progress === b.progress && a.state === b.state && a.id === b.id
}
