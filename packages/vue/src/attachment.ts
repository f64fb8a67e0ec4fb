import type { Observer } from '@auto-refresh/core/adapter'
import { computed, EffectScope, getCurrentInstance, getCurrentScope, shallowRef, watch, type Ref } from 'vue'
import { onActivated, onDeactivated, onMounted, onScopeDispose } from 'vue'

/** Name of the method that reads an observer. */
export type Read = 'read' | 'readInitial'

/**
 * Keeps an observer attached to its target as long as the current effect scope lives: from `onMounted` if the scope is a part
 * of a component, without the time in which KeepAlive has put the component aside; else at once, but never on a server.
 * Returns a function that makes refs of what is read.
 */
export function follow<Target>(
  observer: Observer<Target>,
  target: Readonly<Ref<Target>>,
): <Value>(look: (read: Read) => Value) => Readonly<Ref<Value>> {
  const changes = shallowRef(0)
  const scope = getCurrentScope()
  const instance = getCurrentInstance()
  const owner = instance !== null && isWithin(scope, Reflect.get(instance, 'scope')) ? instance : undefined
  const isMounting = owner?.isMounted === false
  // Only hydration gives a component an element before it is mounted.
  let read: Read = isMounting && owner?.vnode.el !== null ? 'readInitial' : 'read'
  let end: (() => void) | undefined
  const tell = (): void => {
    changes.value += 1
  }
  const attach = (): void => {
    observer.attach(target.value)
    tell()
  }
  const enter = (): void => {
    if (scope?.active !== true) return
    read = 'read'
    end ??= observer.listen(tell)
    attach()
  }
  const leave = (): void => {
    end?.()
    end = undefined
  }
  // Without a scope Vue warns, and nothing begins, because nothing would end it.
  onScopeDispose(leave)
  if (owner !== undefined) {
    onActivated(enter)
    onDeactivated(leave)
  }
  if (isMounting) onMounted(enter)
  else if (typeof window !== 'undefined') enter()
  // Before the frame that shows the new item is drawn.
  if (scope !== undefined) watch(target, attach, { flush: 'post' })
  return (look) =>
    computed(() => {
      void changes.value
      return look(read)
    })
}

/** True if the inner scope ends with the outer one: none on the way out to it is detached. */
function isWithin(inner: EffectScope | undefined, outer: unknown): boolean {
  let scope: unknown = inner
  while (scope instanceof EffectScope) {
    if (scope === outer) return true
    scope = scope.detached ? undefined : Reflect.get(scope, 'parent')
  }
  return false
}
