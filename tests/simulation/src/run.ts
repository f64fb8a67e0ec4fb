import { type Cast, castOf, type RunOptions } from './cast.ts'
import { end } from './ending.ts'
import type { Pace } from './pace.ts'
import type { Mood, Op, Script, Step } from './script.ts'
import type { Subject } from './subject.ts'
import type { Violation } from './violation.ts'

export interface Result {
  readonly violation: Violation | undefined
  /** Number of steps done, that of the violation included. */
  readonly steps: number
  readonly turns: number
  readonly calls: number
}

/** A run is cut here, because intervals of 1 ms would make it endless. */
const MOST_TURNS = { users: 600, field: 30_000 }

/** Runs a script; ends at the first promise that is not kept. */
export async function run(script: Script, subject: Subject, options: RunOptions = {}): Promise<Result> {
  const cast = castOf(script, subject, options)
  silenceReports()
  try {
    return await new Runner(cast).run()
  } finally {
    // A run that was cut leaves no cache behind that listens to the window, and no callback that starts it again.
    cast.reactions.isSilent = true
    void cast.world.cache.stop()
    cast.world.platform.close()
  }
}

/** F7 reports to the console, thousands of lines, which are dropped. The simulation itself writes to stdout. */
function silenceReports(): void {
  Object.defineProperty(console, 'error', { configurable: true, writable: true, value: () => undefined })
}

export class Runner implements Pace {
  readonly cast: Cast
  #turns = 0

  constructor(cast: Cast) {
    this.cast = cast
  }

  async run(): Promise<Result> {
    const { world } = this.cast
    let steps = 0
    for (const step of world.script.steps) {
      steps += 1
      world.trace?.(`${world.now} ${JSON.stringify(step)}`)
      await this.#step(step)
      if (this.isOver) break
    }
    if (!this.isOver) await end(this)
    return { violation: world.violations.first, steps, turns: this.#turns, calls: world.callCount }
  }

  get isOver(): boolean {
    const { violations, script, isLost } = this.cast.world
    return isLost || violations.first !== undefined || this.#turns > MOST_TURNS[script.kind]
  }

  async act(...ops: Op[]): Promise<void> {
    for (const op of ops) this.cast.user.perform(op)
    // A change of the page or a new item changes what may be expected.
    if (
      ops.some(
        ({ op }) => op === 'page' || op === 'many' || op === 'create' || op === 'delete' || op === 'clear',
      )
    )
      this.cast.freshness.changed()
    await this.turn()
  }

  /** Lets everything go on that needs no time, then looks. */
  async turn(): Promise<void> {
    this.#turns += 1
    await drained()
    this.cast.endTurn()
  }

  /** Lets time pass, instant by instant. */
  async advance(until: number): Promise<void> {
    const { world, backend, tasks, progress, freshness } = this.cast
    const { clock } = world
    let fires = 0
    while (!this.isOver) {
      const at = Math.min(clock.next, backend.answers.next, tasks.next)
      if (at > until) break
      if (at > world.now) {
        fires = 0
        clock.pass(at - world.now)
      }
      if (clock.next <= world.now) {
        fires += 1
        clock.fire()
      } else if (tasks.next <= world.now) tasks.runFirst(world.now)
      else backend.answers.runFirst(world.now)
      await this.turn()
      if (progress.checkStorm(fires)) return
    }
    if (world.now < until && !this.isOver) clock.pass(until - world.now)
    freshness.sweep()
  }

  async #step(step: Step): Promise<void> {
    const { world, backend, load, freshness, ledger } = this.cast
    const { clock } = world
    switch (step.do) {
      case 'act':
        clock.io()
        load.allow(step.ops.reduce((sum, op) => sum + costOf(op), 0))
        load.allowRounds(step.ops.filter(isReturn).length)
        return this.act(...step.ops)
      case 'advance':
        return this.advance(world.now + step.ms)
      case 'freeze':
        freshness.disturbed(step.ms)
        clock.freeze(step.ms)
        clock.isDisturbed = true
        load.allow(ledger.entries.size)
        clock.io()
        await this.#thaw()
        return this.advance(world.now)
      case 'sleep':
        clock.passWall(step.ms)
        if (step.kills === true) backend.answers.suspend()
        load.allow(ledger.entries.size)
        freshness.disturbed(0)
        await this.turn()
        // Dead calls are found by the first look at the clock, as when the page is seen again.
        if (step.kills === true && world.script.kind === 'field') await this.#flip(1, 'visible')
        return
      case 'set-wall':
        clock.passWall(step.by)
        load.allow(ledger.entries.size)
        return this.turn()
      case 'mood':
        return this.#mood(step.mood)
      case 'flip':
        return this.#flip(step.times, step.what)
      case 'clicks':
        return this.#clicks(step)
    }
  }

  #mood(mood: Mood): void {
    const { world, load, freshness } = this.cast
    world.mood = mood
    load.changed()
    freshness.changed()
  }

  async #flip(times: number, what: 'visible' | 'online'): Promise<void> {
    const { world, load } = this.cast
    load.allowReturns(times, what === 'online')
    for (let i = 0; i < times && !this.isOver; i += 1) {
      await this.act({ op: 'page', visible: what !== 'visible', online: what !== 'online' })
      await this.advance(world.now + 250)
      await this.act({ op: 'page', visible: true, online: true })
      await this.advance(world.now + 250)
    }
    load.allow(10)
  }

  async #clicks({ times, every, ids }: Extract<Step, { do: 'clicks' }>): Promise<void> {
    const { world, load, ledger } = this.cast
    const targets = [...ledger.entries.keys()].slice(0, ids)
    // One call per second that is asked for, whatever is clicked on (S15); without an outage, one for each isolated item.
    load.allow(world.mood.down === 'all' ? (times * every) / 1000 + 3 : times * targets.length)
    for (let i = 0; i < times && !this.isOver; i += 1) {
      await this.act(...targets.map((id): Op => ({ op: 'refresh', id })))
      await this.advance(world.now + every)
    }
  }

  /** After a freeze timers come first, and then whatever came over the network. */
  async #thaw(): Promise<void> {
    const { clock } = this.cast.world
    for (let fires = 0; clock.next <= clock.time && !this.isOver; fires += 1) {
      clock.fire()
      await this.turn()
      if (this.cast.progress.checkStorm(fires)) return
    }
  }
}

/** Number of calls that an op may add. */
function costOf(op: Op): number {
  if (op.op === 'many') return op.count
  return op.op === 'create' || op.op === 'refresh' || op.op === 'refreshAll' || op.op === 'page' ? 4 : 0
}

/** True if pauses begin anew by it (T8). */
function isReturn(op: Op): boolean {
  if (op.op === 'page') return op.visible && op.online
  return op.op === 'resume' || op.op === 'start'
}

/** Resolves when no microtask is left: Node runs the next tick after all of them. */
function drained(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve)
  })
}
