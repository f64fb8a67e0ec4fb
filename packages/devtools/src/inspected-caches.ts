import type { AutoRefresh } from '@auto-refresh/core'
import type { Simulation } from './simulation/simulation.ts'

/** A cache to look at; with its simulation, if it was made with `simulate`. */
export type InspectedCache =
  | AutoRefresh<unknown>
  | { readonly cache: AutoRefresh<unknown>; readonly simulation?: Simulation | undefined }

/** Caches by the names that the panel shows: `{ jobs, builds }`. */
export type InspectedCaches = Readonly<Record<string, InspectedCache>>

/** One of the caches, with its name. */
export interface Target {
  readonly name: string
  readonly cache: AutoRefresh<unknown>
  readonly simulation: Simulation | undefined
}

export function targetsOf(caches: InspectedCaches): Target[] {
  return Object.entries(caches).map(([name, entry]) =>
    'onEvent' in entry
      ? { name, cache: entry, simulation: undefined }
      : { name, cache: entry.cache, simulation: entry.simulation },
  )
}
