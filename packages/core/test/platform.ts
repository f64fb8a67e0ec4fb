import { focusManager, onlineManager } from '@tanstack/query-core'

/** The platform that the default environment reads, by command: what there is of it is changed, the rest is made. */
export class ScriptedPlatform {
  readonly #undo: (() => void)[] = []
  readonly #window: EventTarget
  #isOnline = true
  #isVisible = true

  constructor() {
    this.#window = this.#global('window', () => new EventTarget())
    this.#define(
      this.#global('navigator', () => ({})),
      'onLine',
      () => this.#isOnline,
    )
    this.#define(
      this.#global('document', () => ({})),
      'visibilityState',
      () => (this.#isVisible ? 'visible' : 'hidden'),
    )
  }

  setOnline(isOnline: boolean): void {
    this.#isOnline = isOnline
    this.#window.dispatchEvent(new Event(isOnline ? 'online' : 'offline'))
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible
    this.#window.dispatchEvent(new Event('visibilitychange'))
  }

  /** Puts back what was there. */
  remove(): void {
    for (const undo of this.#undo.splice(0).reverse()) undo()
  }

  #global<Value extends object>(name: string, make: () => Value): Value {
    const present = Reflect.get(globalThis, name) as Value | undefined
    if (present !== undefined) return present
    const made = make()
    this.#define(globalThis, name, () => made)
    return made
  }

  #define(owner: object, name: string, get: () => unknown): void {
    const before = Object.getOwnPropertyDescriptor(owner, name)
    Object.defineProperty(owner, name, { configurable: true, get })
    this.#undo.push(() => {
      if (before === undefined) Reflect.deleteProperty(owner, name)
      else Object.defineProperty(owner, name, before)
    })
  }
}

/** Gives both managers the event listeners that they have at first, and the values. */
export function resetManagers(): void {
  focusManager.setEventListener((setFocused) => listenTo(['visibilitychange'], () => setFocused()))
  onlineManager.setEventListener((setOnline) => {
    const leave = [listenTo(['online'], () => setOnline(true)), listenTo(['offline'], () => setOnline(false))]
    return () => {
      for (const leaveOne of leave) leaveOne()
    }
  })
  for (const manager of [focusManager, onlineManager]) manager.subscribe(() => {})()
  focusManager.setFocused(undefined)
  onlineManager.setOnline(true)
}

function listenTo(events: readonly string[], listener: () => void): () => void {
  const target = Reflect.get(globalThis, 'window') as Partial<EventTarget> | undefined
  for (const event of events) target?.addEventListener?.(event, listener)
  return () => {
    for (const event of events) target?.removeEventListener?.(event, listener)
  }
}
