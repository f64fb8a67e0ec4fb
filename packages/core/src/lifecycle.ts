import type { SyncResponse } from './auto-refresh.ts'
import type { Entries, EntryRooms } from './entries.ts'
import type { Entry } from './entry.ts'
import { Gate } from './environment/gate.ts'
import { AutoRefreshError } from './errors.ts'
import { RefreshLoop } from './refresh-loop.ts'
import { Scheduler, type TurnCause } from './schedule/scheduler.ts'
import { SleepDetector } from './schedule/sleep-detector.ts'

/** Starting, stopping, and the turns in between: in each, what is due is done, in the order of the house (L, T2, T3). */
export class Lifecycle<Item> {
  readonly #rooms: EntryRooms<Item>
  readonly #entries: Entries<Item>
  readonly #loop: RefreshLoop<Item>
  readonly #gate: Gate
  readonly #scheduler: Scheduler
  readonly #sleep: SleepDetector = new SleepDetector()
  /** What lets go of the signals given to `start`. */
  readonly #signals = new Map<AbortSignal, () => void>()
  #isRunning = false
  #retainers = 0
  /** The run was begun by `retain`, and the application has not called `start` since (L8). */
  #isRetained = false

  constructor(rooms: EntryRooms<Item>, entries: Entries<Item>) {
    const { options, events } = rooms
    this.#rooms = rooms
    this.#entries = entries
    this.#gate = new Gate(
      options,
      () => this.#onEnvironment(),
      (isOpen) => events.tell({ type: isOpen ? 'resumed' : 'paused' }),
      (error) => events.report(error),
    )
    // Also after a stop: then no call is left that the timer must wait for.
    this.#loop = new RefreshLoop(rooms, entries, this.#gate, () => this.#scheduler.soon())
    this.#scheduler = new Scheduler(options.clock, options.keepAlive, (cause) => this.#turn(cause))
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  start(signal: AbortSignal | undefined): void {
    if (signal?.aborted === true) return
    if (signal !== undefined) this.#listen(signal)
    this.#isRetained = false
    this.#run()
  }

  async stop(): Promise<void> {
    if (this.#isRunning) this.#halt()
    await this.#loop.idle()
  }

  retain(): () => void {
    this.#retainers += 1
    if (!this.#isRunning) {
      this.#isRetained = true
      this.#run()
    }
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#retainers -= 1
      // Whoever mounts again in the same turn goes on with this run.
      if (this.#retainers === 0) void Promise.resolve().then(() => this.#release())
    }
  }

  /** Sees to all that was changed at the end of this microtask turn. */
  soon(): void {
    if (this.#isRunning) this.#scheduler.soon()
  }

  /** An entry is asked for (S8). */
  ask(entry: Entry<Item>): void {
    if (this.#rooms.plan.ask(entry, this.#entries.moment())) this.#entries.touch(entry, false)
  }

  ingest(responses: Iterable<SyncResponse<Item>>): void {
    this.#loop.commit.ingest(responses)
  }

  load(): { readonly runningCalls: number; readonly waitingItems: number } {
    const now = this.#isRunning ? this.#rooms.options.clock.now() : -Infinity
    return { runningCalls: this.#loop.runningCalls, waitingItems: this.#loop.waitingItems(now) }
  }

  #run(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    this.#sleep.reset(this.#entries.moment())
    this.#gate.watch()
    this.#rooms.events.tell({ type: 'started' })
    // An event listener may have stopped it again.
    if (!this.#isRunning) return
    this.#gate.look()
    this.soon()
  }

  #halt(): void {
    const { events, requests, options } = this.#rooms
    this.#isRunning = false
    this.#isRetained = false
    for (const forget of this.#signals.values()) forget()
    this.#signals.clear()
    this.#gate.unwatch()
    requests.dropAll(new AutoRefreshError('STOPPED', `${options.name} was stopped before the refresh`))
    this.#rooms.plan.forgetRequests(this.#entries.moment())
    this.#loop.forgetBatches()
    events.tell({ type: 'stopped' })
    // Last, for who listens to the abort may start it again.
    this.#loop.abortAll(new AutoRefreshError('STOPPED', `${options.name} was stopped`))
    this.#scheduler.run('change')
  }

  #release(): void {
    if (this.#retainers === 0 && this.#isRetained && this.#isRunning) this.#halt()
  }

  #listen(signal: AbortSignal): void {
    if (this.#signals.has(signal)) return
    const onAbort = (): void => {
      if (this.#isRunning) this.#halt()
    }
    signal.addEventListener('abort', onAbort)
    this.#signals.set(signal, () => signal.removeEventListener('abort', onAbort))
  }

  #onEnvironment(): void {
    if (!this.#isRunning) return
    this.#detectSleep()
    this.#gate.look()
    this.soon()
  }

  /** After a sleep, what is overdue by the wall clock is due (T2). */
  #detectSleep(): void {
    const moment = this.#entries.moment()
    const missed = this.#sleep.missed(moment)
    if (missed === 0) return
    this.#rooms.plan.bringForward(moment, missed)
    this.#loop.outage.bringForward(moment, missed)
  }

  /** @returns when the next turn is, monotonic ms */
  #turn(cause: TurnCause): number {
    this.#loop.endLateCalls(this.#entries.moment())
    if (this.#isRunning) {
      if (cause === 'timer') this.#detectSleep()
      const moment = this.#entries.moment()
      this.#rooms.events.during(() => {
        this.#entries.removeCondemned(moment.now)
        this.#entries.endLifetimes(moment)
      })
      this.#loop.start(() => this.#isRunning)
    }
    // Callbacks may have stopped it meanwhile.
    if (!this.#isRunning) return this.#loop.nextTimeout
    const now = this.#rooms.options.clock.now()
    return Math.min(
      this.#loop.nextTimeout,
      this.#loop.nextStart(now),
      this.#rooms.plan.removals.firstDue,
      this.#entries.nextEnd,
    )
  }
}
