import type { Observer } from '@auto-refresh/core/adapter'
import { useLayoutEffect, useReducer, useState } from 'preact/hooks'

const isServer = typeof window === 'undefined'

interface Shown<Value> {
  readonly value: Value
  readonly read: () => Value
}

/**
 * Shows what `look` reads of an observer's target, and renders again when that changes; what a reading throws is thrown by the
 * rendering. Preact's own `useSyncExternalStore` is in its compat layer.
 *
 * Preact does not say if it hydrates, and then keeps the server's attributes whatever is rendered. So every first rendering
 * shows what the server knew, and a second one, before painting, what the cache has.
 */
export function useStore<Target, Value>(
  observer: Observer<Target>,
  target: Target,
  look: (read: 'read' | 'readInitial') => Value,
): Value {
  // Not a ref, because hot reload makes refs anew.
  const [shown] = useState<{ last: Shown<Value> | undefined }>(() => ({ last: undefined }))
  const read = (): Value => look('read')
  const value = look(isServer || shown.last !== undefined ? 'read' : 'readInitial')
  const [, render] = useReducer<number, undefined>((count) => count + 1, 0)
  const check = (): void => {
    if (isStale(shown.last)) render(undefined)
  }
  useLayoutEffect(() => {
    shown.last = { value, read }
    check()
    observer.attach(target)
  })
  useLayoutEffect(() => observer.listen(check), [observer])
  return value
}

function isStale<Value>(shown: Shown<Value> | undefined): boolean {
  try {
    return shown !== undefined && !Object.is(shown.value, shown.read())
  } catch {
    return true
  }
}
