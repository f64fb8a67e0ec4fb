import type { Environment } from '@auto-refresh/core'
import type { Subject } from '../subject.ts'

/** A page that is shown and hidden, and a network that comes and goes. */
export interface Platform {
  /** Environment given to the cache; undefined for the default one. */
  readonly environment: Environment | undefined
  readonly isVisible: boolean
  readonly isOnline: boolean
  /** Number of its listeners. */
  readonly listeners: number
  set(visible: boolean, online: boolean): void
  /** The application tells the online manager what it thinks of the network. */
  tell(online: boolean): void
  /** The cache was stopped: what the manager remembers counts no longer (T7). */
  left(): void
  /** Leaves nothing behind for the next run. */
  close(): void
}

export function virtualPlatform(): Platform {
  const listeners = new Set<() => void>()
  const state = { isVisible: true, isOnline: true }
  return {
    environment: {
      isVisible: () => state.isVisible,
      isOnline: () => state.isOnline,
      subscribe(listener) {
        const own = (): void => listener()
        listeners.add(own)
        return () => listeners.delete(own)
      },
    },
    get isVisible() {
      return state.isVisible
    },
    get isOnline() {
      return state.isOnline
    },
    get listeners() {
      return listeners.size
    },
    set(isVisible, isOnline) {
      if (state.isVisible === isVisible && state.isOnline === isOnline) return
      Object.assign(state, { isVisible, isOnline })
      for (const listener of listeners) listener()
    },
    tell: () => undefined,
    left: () => undefined,
    close: () => undefined,
  }
}

type EventName = 'visibilitychange' | 'online' | 'offline'

/** The globals of a browser, as far as query-core's focus and online managers look. */
export function windowPlatform({ onlineManager, InMemoryAutoRefresh }: Subject): Platform {
  const listeners = new Map<string, Set<() => void>>()
  const document = { visibilityState: 'visible' }
  const navigator = { onLine: true }
  const of = (name: string): Set<() => void> => {
    const set = listeners.get(name) ?? new Set()
    listeners.set(name, set)
    return set
  }
  const dispatch = (name: EventName): void => {
    for (const listener of [...of(name)]) listener()
  }
  const addEventListener = (name: string, listener: () => void): unknown => of(name).add(listener)
  const removeEventListener = (name: string, listener: () => void): unknown => of(name).delete(listener)
  const window = { addEventListener, removeEventListener, document, navigator }
  Object.assign(document, { addEventListener, removeEventListener })
  const restores = Object.entries({ window, document, navigator }).map(([name, value]) => {
    const had = Object.getOwnPropertyDescriptor(globalThis, name)
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value })
    return (): void => {
      if (had === undefined) Reflect.deleteProperty(globalThis, name)
      else Object.defineProperty(globalThis, name, had)
    }
  })
  // The environment remembers what it heard last in another run: it has to hear, and to remember, that all is well.
  const probe = new InMemoryAutoRefresh<never>({ interval: Infinity, sync: () => [] }).start()
  dispatch('offline')
  dispatch('online')
  void probe.stop()
  /** The last value that the manager accepted, from an event or from the application. */
  let told: boolean | undefined
  let remembered = true
  let isTelling = false
  let hasLeft = false
  const forget = (): void => {
    told = undefined
    remembered = onlineManager.isOnline()
  }
  const set = (visible: boolean, online: boolean): void => {
    const shown = visible ? 'visible' : 'hidden'
    const [isShownAnew, isOnlineAnew] = [document.visibilityState !== shown, navigator.onLine !== online]
    Object.assign(document, { visibilityState: shown })
    navigator.onLine = online
    if (isShownAnew) dispatch('visibilitychange')
    // A listener of the first may have changed the second.
    if (!isOnlineAnew || navigator.onLine !== online) return
    if (of('online').size > 0 && onlineManager.isOnline() !== online) told = online
    dispatch(online ? 'online' : 'offline')
  }
  return {
    environment: undefined,
    get isVisible() {
      return document.visibilityState === 'visible'
    },
    get isOnline() {
      return told ?? navigator.onLine
    },
    get listeners() {
      return [...listeners.values()].reduce((sum, { size }) => sum + size, 0)
    },
    set,
    tell(online) {
      const isNew = onlineManager.isOnline() !== online
      if (of('online').size === 0) told = online === remembered ? undefined : online
      else if (isNew) told = online
      isTelling = true
      hasLeft = false
      onlineManager.setOnline(online)
      isTelling = false
      // A cache that was stopped and started again while the manager told its listeners is told, too.
      if (hasLeft && !onlineManager.hasListeners()) forget()
    },
    left() {
      hasLeft = true
      if (!isTelling) forget()
    },
    close() {
      // The manager outlives the run, and only listens while somebody subscribes.
      set(true, true)
      const unsubscribe = onlineManager.subscribe(() => undefined)
      dispatch('online')
      unsubscribe()
      for (const restore of restores) restore()
    },
  }
}
