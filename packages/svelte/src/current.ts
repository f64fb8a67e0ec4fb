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
  /** The newest target, and the value that readers had before a change of which they were not told yet. */
  let shown: { readonly target: Target; readonly value: Value } | undefined
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
      if (isAttaching || !isStale()) return
      shown = undefined
      update()
    }),
  )
  return {
    get current() {
      const before = isStale() ? shown : undefined
      const target = targetOf()
      isAttaching = true
      try {
        untrack(() => observer.attach(target))
        subscribe()
      } finally {
        isAttaching = false
      }
      const value = observer.read(target)
      shown = { target, value: before === undefined ? value : before.value }
      return value
    },
  }
}
