import type { Clock } from '@auto-refresh/core'
import TinyQueue from 'tinyqueue'

// Read from the global object, because a browser has none and needs none.
const realImmediate = globalThis.setImmediate

/** Turns of the event loop. */
const PATIENCE = 10_000

/** Resolves when all promise jobs have run, and everything deferred to the next turn of the event loop. */
export async function tasksDone(): Promise<void> {
  await new Promise((resolve) => realImmediate(resolve))
  await new Promise((resolve) => realImmediate(resolve))
}

/**
 * Resolves when all promise jobs have run: Node runs a tick after the last of them. A turn of the event loop is a system call, which
 * costs more than refreshing a batch.
 */
export function jobsDone(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}

class VirtualTimer {
  callback: (() => void) | undefined
  /** ms between two runs; undefined: it runs once. */
  readonly period: number | undefined

  constructor(callback: () => void, period: number | undefined) {
    this.callback = callback
    this.period = period
  }

  /** Timers of Node have it. */
  unref(): this {
    return this
  }
}

/**
 * Time that jumps from timer to timer, so that only the callbacks cost CPU. A timer is an entry in the list of its
 * millisecond, so setting and clearing one costs less than with a real timer. The library takes it as its clock; for the
 * others it replaces the globals.
 */
export class VirtualTime implements Clock {
  /** Number of armed timers. */
  armed = 0
  #now = 0
  readonly #due = new Map<number, VirtualTimer[]>()
  readonly #times = new TinyQueue<number>([], (a, b) => a - b)
  readonly #settle: () => Promise<void>

  /** @param settle waits between two timers */
  constructor(settle: () => Promise<void> = tasksDone) {
    this.#settle = settle
  }

  now(): number {
    return this.#now
  }

  epoch(): number {
    return this.#now
  }

  setTimeout(callback: () => void, delay = 0): VirtualTimer {
    return this.#arm(new VirtualTimer(callback, undefined), delay)
  }

  setInterval(callback: () => void, delay = 0): VirtualTimer {
    return this.#arm(new VirtualTimer(callback, Math.max(1, delay)), delay)
  }

  clearTimeout(handle: unknown): void {
    if (!(handle instanceof VirtualTimer) || handle.callback === undefined) return
    handle.callback = undefined
    this.armed -= 1
  }

  /** Replaces the global timers and `Date.now`. */
  install(): void {
    const clear = (handle: unknown): void => this.clearTimeout(handle)
    Object.assign(globalThis, {
      setTimeout: (callback: () => void, delay?: number) => this.setTimeout(callback, delay),
      setInterval: (callback: () => void, delay?: number) => this.setInterval(callback, delay),
      clearTimeout: clear,
      clearInterval: clear,
    })
    Date.now = () => this.#now
  }

  /** Runs deferred work. */
  settle(): Promise<void> {
    return this.#settle()
  }

  /** Jumps to the next due time, and runs all timers that are due then. */
  async next(): Promise<void> {
    // Programs that work in tasks of their own, as React does when it mounts, set their timers later.
    for (let turn = 0; turn < PATIENCE && this.#times.length === 0; turn++) await tasksDone()
    const at = this.#times.pop()
    if (at === undefined) throw new Error('no timer is set')
    const timers = this.#due.get(at) ?? []
    this.#due.delete(at)
    this.#now = Math.max(this.#now, at)
    for (const timer of timers) this.#run(timer)
    await this.settle()
  }

  /** Runs all timers that are due by now, or by `until`. */
  async advanceTo(end = this.#now): Promise<void> {
    await this.settle()
    for (let at = this.#times.peek(); at !== undefined && at <= end; at = this.#times.peek())
      await this.next()
    this.#now = end
  }

  #arm(timer: VirtualTimer, delay: number): VirtualTimer {
    const at = this.#now + Math.max(0, delay)
    this.armed += 1
    const timers = this.#due.get(at)
    if (timers === undefined) {
      this.#due.set(at, [timer])
      this.#times.push(at)
    } else {
      timers.push(timer)
    }
    return timer
  }

  #run(timer: VirtualTimer): void {
    const { callback, period } = timer
    if (callback === undefined) return
    this.armed -= 1
    if (period === undefined) timer.callback = undefined
    else this.#arm(timer, period)
    callback()
  }
}
