import { useEffect, useLayoutEffect, useReducer, useSyncExternalStore } from 'react'

/** React 18 complains of a layout effect on a server, where no effect runs anyhow. */
const useCommitEffect = typeof window === 'undefined' ? useEffect : useLayoutEffect

/**
 * `useSyncExternalStore`, made good for Activity: a component that comes out of one is drawn as it went in, and its
 * subscription is back only after the browser has painted that. So it is looked at once more before.
 */
export function useStore<Value>(
  listen: (onChange: () => void) => () => void,
  read: () => Value,
  readInitial: () => Value = read,
): Value {
  const shown = useSyncExternalStore(listen, read, readInitial)
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  useCommitEffect(() => {
    if (!Object.is(shown, read())) redraw()
  })
  return shown
}
