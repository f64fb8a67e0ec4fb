import { focusManager, onlineManager } from '@tanstack/query-core'
import type { Environment } from './environment.ts'

export { focusManager, onlineManager }

/** A manager, and what it stands for on the platform. */
interface Sources {
  /** The manager's answer; it may be remembered from before. */
  readonly managed: () => boolean
  /** The platform's answer at this moment; undefined if it cannot tell. */
  readonly platform: () => boolean | undefined
  /** Events of the platform at which that may have changed. */
  readonly events: readonly string[]
  /** True if the manager's value may be outdated after a time without listeners. */
  readonly canBeOld: (value: boolean) => boolean
  readonly manager: { subscribe(listener: () => void): () => void; hasListeners(): boolean }
}

/**
 * Decides between a manager and the platform (T4). The manager's word holds, unless it is what the manager remembers from
 * before a stop: it listens only while somebody subscribes, so that may be outdated.
 */
class ManagedFlag {
  readonly #sources: Sources
  /** The manager's value when its last listener left, until it tells something; undefined if its value counts. */
  #remembered: boolean | undefined

  constructor(sources: Sources, remembered: boolean | undefined) {
    this.#sources = sources
    this.#remembered = remembered
  }

  isTrue(): boolean {
    const managed = this.#sources.managed()
    // A value that differs from the remembered one was set while nobody listened: by the application.
    return managed === this.#remembered ? (this.#sources.platform() ?? true) : managed
  }

  /** @param listener `isSignal`: the network came, whatever was thought of it before */
  subscribe(listener: (isSignal: boolean) => void): () => void {
    const { manager, events } = this.#sources
    let hasTold = false
    const leaveManager = manager.subscribe(() => {
      this.#remembered = undefined
      hasTold = true
      listener(false)
    })
    // The manager of a page that is loaded offline says nothing when the network comes, because it never knew.
    const tell = (isSignal: boolean): void => {
      listener(isSignal && !hasTold)
      hasTold = false
    }
    const leavePlatform = this.#sources.platform() === undefined ? undefined : listen(events, tell)
    return () => {
      leavePlatform?.()
      leaveManager()
      if (!manager.hasListeners()) this.#leave()
    }
  }

  #leave(): void {
    const managed = this.#sources.managed()
    this.#remembered = this.#sources.canBeOld(managed) ? managed : undefined
  }
}

/** `true` is what `onlineManager` says before anybody told it anything. */
const online = new ManagedFlag(
  {
    managed: () => onlineManager.isOnline(),
    platform: () => flag(property('navigator', 'onLine')),
    events: ['online', 'offline'],
    canBeOld: () => true,
    manager: onlineManager,
  },
  true,
)

/** `focusManager` asks the document itself until an application sets a value. A true beside a hidden page is its wish. */
const visible = new ManagedFlag(
  {
    managed: () => focusManager.isFocused(),
    platform: () => {
      const state = property('document', 'visibilityState')
      return state === undefined ? undefined : state !== 'hidden'
    },
    events: ['visibilitychange'],
    canBeOld: (isFocused) => !isFocused,
    manager: focusManager,
  },
  undefined,
)

/**
 * The platform, and TanStack Query's two managers (T4): an application configures visibility and network once for both
 * libraries. Visible and online if nobody says otherwise. All caches of a page share it, as they share the managers.
 *
 * An application's `setOnline` or `setFocused` is forgotten if every cache stops after it and it is not changed until the
 * next start, because it looks like an event that a manager heard before the stop.
 */
export const defaultEnvironment: Environment = {
  isVisible: () => visible.isTrue(),
  isOnline: () => online.isTrue(),
  subscribe(listener) {
    const read = (): string => `${visible.isTrue()} ${online.isTrue()}`
    let told: string | undefined
    // Manager and platform tell of the same change. `online` counts even so: a page may not have known that it was offline.
    const tell = (isSignal: boolean): void => {
      const now = read()
      if (told === undefined || (told === now && !isSignal)) return
      told = now
      listener()
    }
    const leave = [visible.subscribe(tell), online.subscribe(tell)]
    told = read()
    return () => {
      for (const leaveOne of leave.splice(0)) leaveOne()
    }
  },
}

function property(owner: string, name: string): unknown {
  const object: unknown = Reflect.get(globalThis, owner)
  return typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

/** Listens where the managers do, or to the worker itself. Does nothing if there is nothing to listen to. */
function listen(events: readonly string[], listener: (isSignal: boolean) => void): () => void {
  const window: unknown = Reflect.get(globalThis, 'window')
  const target: unknown = window ?? globalThis
  if (!isEventTarget(target)) return () => {}
  const listeners = events.map((event) => [event, () => listener(event === 'online')] as const)
  for (const [event, tell] of listeners) target.addEventListener(event, tell)
  return () => {
    for (const [event, tell] of listeners) target.removeEventListener(event, tell)
  }
}

interface EventTargetLike {
  addEventListener(type: string, listener: () => void): void
  removeEventListener(type: string, listener: () => void): void
}

function isEventTarget(value: unknown): value is EventTargetLike {
  return typeof Reflect.get(Object(value), 'addEventListener') === 'function'
}
