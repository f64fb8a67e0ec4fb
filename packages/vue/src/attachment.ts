import {
  getCurrentInstance,
  getCurrentScope,
  onActivated,
  onBeforeUnmount,
  onDeactivated,
  onMounted,
  onScopeDispose,
} from 'vue'

/**
 * Has something held while what is around it lives: a component, from when it is mounted, but for the time in which
 * KeepAlive has put it aside; a bare effect scope from now on. On a server nothing is mounted, so nothing is held.
 */
export function whileAlive(begin: () => void, end: () => void): void {
  if (getCurrentInstance() === null) {
    begin()
    if (getCurrentScope() !== undefined) onScopeDispose(end)
    return
  }
  onMounted(begin)
  onActivated(begin)
  onDeactivated(end)
  onBeforeUnmount(end)
  if (getCurrentScope() !== undefined) onScopeDispose(end)
}
