import { type Cast, castOf, type RunOptions } from './cast.ts'
import { checkProgress, checkStorm } from './check-progress.ts'
import { type SeenSnapshots } from './check-snapshots.ts'
import { end } from './ending.ts'
import { type Pace } from './pace.ts'
import { type Script, type Step } from './script.ts'
import { type Subject } from './subject.ts'
import { endTurn } from './turn.ts'
import { type Violation } from './violation.ts'
import { type World } from './world.ts'

export interface Result {
  readonly violation: Violation | undefined
  /** How many steps were done, that of the violation included. */
  readonly steps: number
  readonly turns: number
  readonly calls: number
}

/** A run is cut here: intervals of 1 ms would make it endless. */
const MOST_TURNS = 600

/** Runs a script on the cache and on the model; ends at the first promise that is not kept. */
export async function run(script: Script, subject: Subject, options: RunOptions = {}): Promise<Result> {
  const runner = new Runner(script, subject, options)
  const restore = takeReports(runner.cast.world)
  try {
    return await runner.run()
  } finally {
    restore()
  }
}

/** By whatever way the runtime reports (F7): here it counts. */
function takeReports(world: World): () => void {
  const report = (): void => {
    world.reactions.reported += 1
  }
  const restores = [replace(globalThis, 'reportError', report), replace(console, 'error', report)]
  return () => restores.forEach((restore) => restore())
}

/** Gives the object another property. Returns what gives back the one that it had. */
function replace(owner: object, name: string, value: unknown): () => void {
  const had = Object.getOwnPropertyDescriptor(owner, name)
  Object.defineProperty(owner, name, { configurable: true, writable: true, value })
  return () => {
    if (had === undefined) Reflect.deleteProperty(owner, name)
    else Object.defineProperty(owner, name, had)
  }
}

export class Runner implements Pace {
  readonly cast: Cast
  readonly #seen: SeenSnapshots = new Map()
  #turns = 0

  constructor(script: Script, subject: Subject, options: RunOptions = {}) {
    this.cast = castOf(script, subject, options)
  }

  async run(): Promise<Result> {
    const { world } = this.cast
    let steps = 0
    for (const step of world.script.steps) {
      steps += 1
      await this.#step(step)
      if (this.isOver) break
    }
    if (!this.isOver) await end(this)
    return { violation: world.violations.first, steps, turns: this.#turns, calls: world.dispatch.started }
  }

  get isOver(): boolean {
    return this.cast.world.violations.first !== undefined || this.#turns > MOST_TURNS
  }

  async turn(): Promise<void> {
    this.#turns += 1
    await drained()
    endTurn(this.cast, this.#seen)
  }

  async advance(until: number): Promise<void> {
    const { world, backend } = this.cast
    const { clock } = world
    let fires = 0
    while (!this.isOver) {
      const at = Math.min(clock.next, backend.next)
      if (at > until) break
      if (at > clock.now()) {
        fires = 0
        clock.pass(at - clock.now())
      }
      // A turn of the cache sees to all that is overdue: what comes in the same instant finds it done.
      if (clock.next > clock.now()) backend.answer()
      else {
        fires += 1
        this.#fire()
      }
      await this.turn()
      if (checkStorm(world, fires)) return
    }
    if (clock.now() < until && !this.isOver) clock.pass(until - clock.now())
    checkProgress(this.cast)
  }

  #fire(): void {
    const { clock, wallClock, model, outage, settlement, life } = this.cast.world
    wallClock.look(model, outage, life.isRunning)
    for (const call of model.calls)
      if (call.state === 'running' && call.startedAt + model.rules.timeout <= clock.now()) {
        call.isTimedOut = true
        settlement.end(call, {
          hasFailed: true,
          error: { kind: 'code', code: 'TIMEOUT' },
          retryAfter: undefined,
        })
      }
    this.cast.world.trace?.('the timer fires')
    clock.fire()
    // The turn that the timer began has seen to them.
    for (const call of model.calls) if (call.isTimedOut && call.state === 'settling') settlement.finish(call)
  }

  async #step(step: Step): Promise<void> {
    const { user, world } = this.cast
    const { clock, wallClock } = world
    switch (step.do) {
      case 'act':
        for (const op of step.ops) user.perform(op)
        return this.turn()
      case 'advance':
        return this.advance(clock.now() + step.ms)
      case 'freeze':
        clock.pass(step.ms)
        await this.#thaw()
        return this.advance(clock.now())
      case 'sleep':
        clock.passWall(step.ms)
        wallClock.moved()
        return this.turn()
      case 'set-wall':
        clock.passWall(step.by)
        wallClock.moved()
        return this.turn()
    }
  }

  /** After a freeze timers come first, and then what came over the network. */
  async #thaw(): Promise<void> {
    const { clock } = this.cast.world
    for (let fires = 0; clock.next <= clock.now() && !this.isOver; fires += 1) {
      this.#fire()
      await this.turn()
      if (checkStorm(this.cast.world, fires)) return
    }
  }
}

/** Resolves when no microtask is left: Node runs the next tick after all of them. */
function drained(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve)
  })
}
