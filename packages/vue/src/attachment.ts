import type { Observer } from '@auto-refresh/core'
import { computed, getCurrentInstance, getCurrentScope, shallowRef, watch, type Ref } from 'vue'
import { onActivated, onDeactivated, onMounted, onScopeDispose } from 'vue'

/**
 * Holds something until what is around it ends: in a component from when it is mounted, but for the time in which KeepAlive
 * has put it aside; in a bare effect scope from now on. On a server nothing is mounted, so nothing is held.
 *
 * @param hold gives what ends it
 * @param isHeld called after each beginning
 */
export function whileAlive(hold: () => () => void, isHeld?: () => void): void {
  let end: (() => void) | undefined
  const enter = (): void => {
    end ??= hold()
    isHeld?.()
  }
  const leave = (): void => {
    end?.()
    end = undefined
  }
  if (getCurrentInstance() === null) enter()
  else {
    onMounted(enter)
    onActivated(enter)
    onDeactivated(leave)
  }
  if (getCurrentScope() !== undefined) onScopeDispose(leave)
}

/** Keeps an observer attached to its target while what is around it lives. Makes refs of what is read of the two. */
export function follow<Target>(
  observer: Observer<Target>,
  target: () => Target,
): <Value>(read: (target: Target) => Value) => Readonly<Ref<Value>> {
  const changes = shallowRef(0)
  const attach = (): void => observer.attach(target())
  whileAlive(() => observer.listen(() => (changes.value += 1)), attach)
  // Before the frame that shows the new item is drawn.
  watch(target, attach, { flush: 'post' })
  return (read) =>
    computed(() => {
      void changes.value
      return read(target())
    })
}
