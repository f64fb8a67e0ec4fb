import type { Observer } from '@auto-refresh/core/adapter'
import { computed, EffectScope, getCurrentInstance, getCurrentScope, onActivated, onDeactivated } from 'vue'
import {
  onMounted,
  onScopeDispose,
  shallowRef,
  toRef,
  toValue,
  watch,
  type MaybeRefOrGetter,
  type Ref,
} from 'vue'

const isServer = typeof window === 'undefined'

/** Elements of components that have ended. */
const ended = new WeakSet<object>()

/**
 * Keeps an observer attached to its target as long as the current effect scope lives: from `onMounted` if the scope is a part
 * of a component, without the time in which KeepAlive has put the component aside; else at once, but never on a server.
 * Returns a getter, in the reactive sense, of what the observer shows.
 */
export function follow<Target, Value>(
  observer: Observer<Target, Value>,
  target: { readonly value: Target },
): () => Value {
  const changes = shallowRef(0)
  const scope = getCurrentScope()
  const instance = getCurrentInstance()
  const owner = instance !== null && isWithin(scope, Reflect.get(instance, 'scope')) ? instance : undefined
  const isMounting = owner?.isMounted === false
  const element = owner?.vnode.el
  // Only hydration gives a component an element before it is mounted. A vnode that is used again has that of before.
  const isHydrating = isMounting && isObject(element) && !ended.has(element)
  let read: 'read' | 'readInitial' = isHydrating ? 'readInitial' : 'read'
  let end = (): void => undefined
  const leave = (): void => end()
  const enter = (): void => {
    if (scope?.active !== true) return
    const tell = (): void => {
      changes.value += 1
    }
    read = 'read'
    end = observer.listen(tell)
    observer.attach(target.value)
    tell()
  }
  // Without a scope Vue warns, and nothing begins, because nothing would end it.
  onScopeDispose(() => {
    leave()
    if (isObject(owner?.vnode.el)) ended.add(owner.vnode.el)
  })
  if (owner !== undefined) {
    onActivated(enter)
    onDeactivated(leave)
  }
  if (isMounting) onMounted(enter)
  else if (!isServer) enter()
  // Before the frame that shows the new item is drawn.
  if (scope !== undefined)
    watch(
      () => target.value,
      (next) => observer.attach(next),
      { flush: 'post' },
    )
  return () => {
    void changes.value
    return observer[read](target.value)
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** True if the inner scope ends with the outer one: none on the way out to it is detached. */
function isWithin(inner: unknown, outer: unknown): boolean {
  if (inner === outer) return true
  return inner instanceof EffectScope && !inner.detached && isWithin(Reflect.get(inner, 'parent'), outer)
}

/**
 * Makes a computed when it is first read, because most refs are not; none on a server, where nothing tells of changes. Pinia
 * takes a ref that has an `effect` for computed, and any other for state, which it writes to.
 */
export function lazily<Value>(get: () => Value): Readonly<Ref<Value>> {
  let made: Readonly<Ref<Value>> | undefined
  return Object.assign(toRef(isServer ? get : () => (made ??= computed(get)).value), { effect: true })
}

/** Reads options, of which `enabled` may be a ref or a getter. */
export function valuesOf<Options extends { readonly create?: boolean | undefined }>(
  options: Options & { readonly enabled?: MaybeRefOrGetter<boolean | undefined> },
): Options & { readonly create: boolean; readonly enabled: boolean | undefined } {
  return { ...options, create: options.create ?? true, enabled: toValue(options.enabled) }
}
