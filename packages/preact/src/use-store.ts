import type { Observer } from '@auto-refresh/core/adapter'
import { useLayoutEffect, useReducer, useState } from 'preact/hooks'

const isServer = typeof window === 'undefined'

interface Shown<Target, Value> {
  readonly value: Value
  readonly target: Target
}

/**
 * Shows what an observer reads of its target, and renders again when that changes; what a reading throws is thrown by the
 * rendering. Preact's own `useSyncExternalStore` is in its compat layer.
 *
 * Preact does not say if it hydrates, and then keeps the server's attributes whatever is rendered. So every first rendering
 * shows what the server knew, and a second one, before painting, what the cache has.
 */
export function useStore<Target, Value>(create: () => Observer<Target, Value>, target: Target): Value {
  const [observer] = useState(create)
  // Not a ref, because hot reload makes refs anew.
  const [shown] = useState<{ last: Shown<Target, Value> | undefined }>({ last: undefined })
  const value = isServer || shown.last !== undefined ? observer.read(target) : observer.readInitial(target)
  const [, render] = useReducer<number, undefined>((count) => count + 1, 0)
  const check = (): void => {
    if (isStale(observer, shown.last)) render(undefined)
  }
  useLayoutEffect(() => {
    shown.last = { value, target }
    check()
    observer.attach(target)
  })
  useLayoutEffect(() => observer.listen(check), [observer])
  return value
}

function isStale<Target, Value>(
  observer: Observer<Target, Value>,
  shown: Shown<Target, Value> | undefined,
): boolean {
  try {
    return shown !== undefined && !Object.is(shown.value, observer.read(shown.target))
  } catch {
    return true
  }
}
