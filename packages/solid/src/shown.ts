import type { Observer } from '@auto-refresh/core/adapter'
import {
  createEffect,
  createMemo,
  createSignal,
  on,
  onCleanup,
  onMount,
  sharedConfig,
  type Accessor,
} from 'solid-js'
import { isServer } from 'solid-js/web'

/**
 * Shows what an observer reads of its target from the mounting of the current owner to its disposal. The target is made at
 * each reading, because it may follow signals.
 */
export function show<Target, Value>(
  observer: Observer<Target, Value>,
  targetOf: () => Target,
): Accessor<Value> {
  // Null after a hydration, though its type does not say so.
  const isHydrating = !isServer && Boolean(sharedConfig.context)
  let read: 'read' | 'readInitial' = isHydrating ? 'readInitial' : 'read'
  const [changes, tell] = createSignal(undefined, { equals: false })
  const value = createMemo(() => {
    changes()
    return observer[read](targetOf())
  })
  onCleanup(observer.listen(tell))
  createEffect(on(targetOf, (target) => observer.attach(target)))
  onMount(() => {
    read = 'read'
    if (isHydrating) tell()
  })
  return value
}
