import { createGate } from './dispatch/gate.ts'
import type { Entries, EntryRooms } from './entries.ts'
import { AutoRefreshError } from './errors.ts'
import { createRefreshLoop, type RefreshLoop } from './refresh-loop.ts'
import { createScheduler } from './schedule/scheduler.ts'

/**
 * How far the wall clock may run ahead, ms: less is a correction of the clock, more a machine that slept, while which the
 * monotonic clock stands still on many systems (https://github.com/w3c/hr-time/issues/115).
 */
const SLEEP = 30_000

/** Starting, stopping, and the turns in between: in each, what is due is done, in the order of the house (L, T2, T3). */
export interface Lifecycle<Item> {
  readonly loop: RefreshLoop<Item>
  readonly isRunning: () => boolean
  readonly start: (signal: AbortSignal | undefined) => void
  readonly stop: () => Promise<void>
  readonly retain: () => () => void
  /** Sees to all that was changed at the end of this microtask turn. */
  readonly soon: () => void
}

export function createLifecycle<Item>(rooms: EntryRooms<Item>, entries: Entries<Item>): Lifecycle<Item> {
  const { options, moment, events, requests, plan } = rooms
  const { clock, keepAlive, name } = options
  /** What lets go of the signals given to `start`. */
  const signals = new Map<AbortSignal, () => void>()
  let running = false
  let retainers = 0
  /** The run was begun by `retain`, and the application has not called `start` since (L8). */
  let isRetained = false
  /** The wall clock less the monotonic one, ms, when they were last held to go together (T2). */
  let offset: number

  const isRunning = (): boolean => running
  const scheduler = createScheduler(clock, keepAlive, turn)
  const gate = createGate(options, events, onEnvironment)
  // Also after a stop: then no call is left that the timer must wait for.
  const loop = createRefreshLoop(rooms, entries, gate, scheduler.soon)

  function soon(): void {
    if (running) scheduler.soon()
  }

  function run(): void {
    if (running) return
    running = true
    // Whatever the clocks were set to between two runs.
    synchronize(0)
    gate.watch()
    events.tell({ type: 'started' })
    // An event listener may have stopped it again.
    if (!isRunning()) return
    gate.look()
    soon()
  }

  function halt(): void {
    if (!running) return
    running = false
    for (const forget of signals.values()) forget()
    signals.clear()
    gate.unwatch()
    const stopped = new AutoRefreshError('STOPPED', `${name} was stopped`)
    requests.dropAll(stopped)
    plan.forgetRequests(moment())
    loop.forgetBatches()
    events.tell({ type: 'stopped' })
    // Last, for who listens to the abort may start it again.
    loop.abortAll(stopped)
    scheduler.run()
  }

  function onEnvironment(): void {
    if (!running) return
    detectSleep()
    gate.look()
    soon()
  }

  /** After a sleep, what is overdue by the wall clock is due (T2). */
  function detectSleep(): void {
    const { now, epoch } = moment()
    const ahead = epoch - now - offset
    if (ahead > SLEEP) synchronize(ahead)
  }

  /** Lets the clocks go together from now on. */
  function synchronize(ahead: number): void {
    const at = moment()
    offset = at.epoch - at.now
    plan.synchronize(at, ahead)
    loop.outage.synchronize(at, ahead)
  }

  /** @returns when the next turn is, monotonic ms */
  function turn(isTimer: boolean): number {
    // First, for who is told of a late call may start anew or plan: what was overdue before is due all the same.
    if (running && isTimer) detectSleep()
    loop.endLateCalls(clock.now())
    if (running) {
      const at = moment()
      events.during(() => entries.endDue(at))
      loop.start(isRunning, isTimer)
    }
    // Callbacks may have stopped it meanwhile.
    const next = running ? Math.min(loop.nextStart(clock.now()), entries.nextEnd()) : Infinity
    return Math.min(loop.nextTimeout(), next)
  }

  return {
    loop,
    isRunning,
    soon,
    start(signal) {
      if (signal?.aborted === true) return
      if (signal !== undefined && !signals.has(signal)) {
        signal.addEventListener('abort', halt)
        signals.set(signal, () => signal.removeEventListener('abort', halt))
      }
      isRetained = false
      run()
    },
    async stop() {
      halt()
      await loop.idle()
    },
    retain() {
      retainers += 1
      if (!running) {
        isRetained = true
        run()
      }
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        retainers -= 1
        // Whoever mounts again in the same turn goes on with this run.
        void Promise.resolve().then(() => {
          if (retainers === 0 && isRetained) halt()
        })
      }
    },
  }
}
