import type { Observer } from '@auto-refresh/core/adapter'
import { useEffect, useLayoutEffect, useState, useSyncExternalStore } from 'react'

const isServer = typeof window === 'undefined'

/** React 18 warns of a layout effect on a server, where no effect runs anyhow. */
const useCommitEffect = isServer ? useEffect : useLayoutEffect

/**
 * Shows what an observer reads of its target: `useSyncExternalStore` and two additions for Activity. A component that
 * comes out of one is drawn as it went in, and subscribed only after the browser has painted that. So it is read once more
 * before painting, and the observer learns its target before it is subscribed again.
 */
export function useStore<Target, Value>(create: () => Observer<Target, Value>, target: Target): Value {
  const [{ observer }, redraw] = useState(() => ({ observer: create() }))
  const read = (): Value => observer.read(target)
  const shown = useSyncExternalStore(
    observer.listen,
    read,
    isServer ? read : () => observer.readInitial(target),
  )
  useCommitEffect(() => {
    if (!Object.is(shown, read())) redraw({ observer })
    observer.attach(target)
  })
  return shown
}
