import type { Observer } from '@auto-refresh/core/adapter'
import { useEffect, useLayoutEffect, useReducer, useSyncExternalStore } from 'react'

const isServer = typeof window === 'undefined'

/** React 18 warns of a layout effect on a server, where no effect runs anyhow. */
const useCommitEffect = isServer ? useEffect : useLayoutEffect

/**
 * Shows what `look` reads of an observer's target: `useSyncExternalStore` and two additions for Activity. A component that
 * comes out of one is drawn as it went in, and subscribed only after the browser has painted that. So it is read once more
 * before painting, and the observer learns its target before it is subscribed again.
 */
export function useStore<Target, Value>(
  observer: Observer<Target>,
  target: Target,
  look: (read: 'read' | 'readInitial') => Value,
): Value {
  const read = (): Value => look('read')
  const shown = useSyncExternalStore(observer.listen, read, isServer ? read : () => look('readInitial'))
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  useCommitEffect(() => {
    if (!Object.is(shown, read())) redraw()
    observer.attach(target)
  })
  return shown
}
