import type { Injector } from '@angular/core'

/** Where a signal belongs. */
export interface InjectorOptions {
  /** Ends the subscription when it is destroyed. Default: that of the injection context. */
  readonly injector?: Injector | undefined
}

/** Options of functions that follow signals. */
export interface EnabledOptions extends InjectorOptions {
  /** Returns false: no subscription, nothing is created, and the cache is not retained. Default true. */
  readonly enabled?: (() => boolean | undefined) | undefined
}

interface Given {
  readonly create?: boolean | undefined
  readonly select?: ((...element: never[]) => unknown) | undefined
}

/** Reads options. `select` is a new function each time, because observers do not run the same one again when signals change. */
export function plain<Options extends Given>(
  options: Options & EnabledOptions,
): Options & { readonly create: boolean; readonly enabled: boolean | undefined } {
  const { create = true, enabled, select } = options
  return { ...options, create, enabled: enabled?.(), ...(select && { select: select.bind(undefined) }) }
}
