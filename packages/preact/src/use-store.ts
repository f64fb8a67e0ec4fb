import type { Observer } from '@auto-refresh/core/adapter'
import { useLayoutEffect, useReducer, useState } from 'preact/hooks'
import { isHydrating } from './hydration.ts'

const isServer = typeof window === 'undefined'

interface Shown<Target, Value> {
  readonly value: Value
  readonly target: Target
}

/**
 * Shows what an observer reads of its target, and renders again when that changes; what a reading throws is thrown by the
 * rendering. Preact's own `useSyncExternalStore` is in its compat layer.
 *
 * Preact keeps the server's attributes when it hydrates, whatever is rendered. So the first rendering shows what the server
 * knew then, and a second one, before painting, what the cache has.
 */
export function useStore<Target, Value>(create: () => Observer<Target, Value>, target: Target): Value {
  const [observer] = useState(create)
  // Not a ref, because hot reload makes refs anew.
  const [shown] = useState<{ isHydrating: boolean; last: Shown<Target, Value> | undefined }>(() => ({
    isHydrating: !isServer && isHydrating(),
    last: undefined,
  }))
  const value = observer[shown.isHydrating ? 'readInitial' : 'read'](target)
  const [, render] = useReducer<number, undefined>((count) => count + 1, 0)
  const check = (): void => {
    if (isStale(observer, shown.last)) render(undefined)
  }
  useLayoutEffect(() => {
    shown.isHydrating = false
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
