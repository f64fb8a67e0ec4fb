import type { Observer } from '@auto-refresh/core'
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks'

/**
 * What React's `useSyncExternalStore` does, for Preact, whose own is in the compat layer: renders again when what is read
 * is another value than the one that is shown. What a reading throws is thrown by the rendering.
 */
export function useStore<Target, Value>(
  observer: Observer<Target>,
  target: Target,
  read: () => Value,
): Value {
  const value = read()
  const [, render] = useReducer<number, undefined>((count) => count + 1, 0)
  const shown = useRef({ value, read })
  useLayoutEffect(() => {
    shown.current = { value, read }
    if (isStale(shown.current)) render(undefined)
    observer.attach(target)
  })
  useLayoutEffect(
    () =>
      observer.listen(() => {
        if (isStale(shown.current)) render(undefined)
      }),
    [observer],
  )
  return value
}

function isStale<Value>(shown: { readonly value: Value; readonly read: () => Value }): boolean {
  try {
    return !Object.is(shown.value, shown.read())
  } catch {
    return true
  }
}
