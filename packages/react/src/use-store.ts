import type { Observer } from '@auto-refresh/core'
import { useEffect, useLayoutEffect, useReducer, useSyncExternalStore } from 'react'

/** React 18 complains of a layout effect on a server, where no effect runs anyhow. */
const useCommitEffect = typeof window === 'undefined' ? useEffect : useLayoutEffect

/**
 * `useSyncExternalStore` of what is read of an observer's target, made good for Activity: a component that comes out of one is
 * drawn as it went in, and its subscription is back only after the browser has painted that. So it is looked at once more
 * before.
 */
export function useStore<Target, Value>(
  observer: Observer<Target>,
  target: Target,
  read: () => Value,
  readInitial: () => Value = read,
): Value {
  const shown = useSyncExternalStore(observer.listen, read, readInitial)
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  useCommitEffect(() => {
    if (!Object.is(shown, read())) redraw()
    observer.attach(target)
  })
  return shown
}
