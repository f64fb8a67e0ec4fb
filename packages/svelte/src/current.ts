import type { Observer } from '@auto-refresh/core/adapter'
import { untrack } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'

/** The present value. It is kept up to date while an effect or a template reads it, directly or by a `$derived`. */
export interface Current<Value> {
  readonly current: Value
}

/**
 * Shows what an observer reads of its target, which is made at each reading, because it may follow state. Readers run again
 * when the observer tells of a change, unless all of them have read it.
 */
export function show<Target, Value>(
  observer: Observer<Target, Value>,
  targetOf: () => Target,
): Current<Value> {
  /** The last reading. */
  let shown: { readonly target: Target; readonly value: Value } | undefined
  /** True if earlier readers may have another value than the last one, so that the next change is one for all of them. */
  let isTorn = false
  let isAttaching = false
  const isStale = (): boolean => {
    try {
      return shown === undefined || !Object.is(shown.value, observer.read(shown.target))
    } catch {
      // The readers get the error.
      return true
    }
  }
  const subscribe = createSubscriber((update) =>
    observer.listen(() => {
      if (isAttaching || !(isTorn || isStale())) return
      shown = undefined
      isTorn = false
      update()
    }),
  )
  return {
    get current() {
      isTorn ||= shown !== undefined && isStale()
      const target = targetOf()
      isAttaching = true
      try {
        untrack(() => observer.attach(target))
        subscribe()
      } finally {
        isAttaching = false
      }
      const value = observer.read(target)
      shown = { target, value }
      return value
    },
  }
}
