import { type AutoRefreshEvent } from '@auto-refresh/core'
import { type ModelCall } from './model/call.ts'
import { type Item, type Script } from './script.ts'
import { type Model } from './model/model.ts'
import { type ModelOutage } from './model/outage.ts'
import { type Reactions } from './reactions.ts'
import { type Violations } from './violation.ts'

/** What a witness knows of the world. */
export interface Scene {
  readonly script: Script
  readonly model: Model
  readonly outage: ModelOutage
  readonly violations: Violations
  readonly reactions: Reactions
  readonly trace: ((line: string) => void) | undefined
}

const NOTHING: readonly string[] = []

/** Listens to all events and compares them with what the model says has happened. */
export class Witness {
  readonly #scene: Scene
  readonly #heard = new Map<string, string[]>()
  /** `callback-error` and `unexpected-response` events. */
  callbackErrors = 0
  unexpected = 0
  /** A stop while a call is told to start may keep it from being made; then counts do not tell. */
  isCountVague = false
  #isRunning = false
  #isPaused = false
  #isOutage = false
  /** In order. */
  #told: ModelCall[] = []
  /** What is told to be sent now: written meanwhile, it may be sent as it was. */
  starting: ReadonlySet<string> = new Set()

  constructor(scene: Scene) {
    this.#scene = scene
  }

  readonly hear = (event: AutoRefreshEvent<Item>): void => {
    const { violations } = this.#scene
    this.#scene.trace?.(`  event ${JSON.stringify(event)}`)
    switch (event.type) {
      case 'created':
      case 'updated':
      case 'terminal':
      case 'expired':
      case 'evicted':
        this.#note(event.id, event.type)
        break
      case 'deleted':
        this.#note(event.id, `deleted:${event.reason}`)
        break
      case 'started':
      case 'stopped':
        violations.check(
          this.#isRunning === (event.type === 'stopped'),
          'events',
          () => `${event.type} twice`,
        )
        this.#isRunning = event.type === 'started'
        if (event.type === 'stopped') this.#isPaused = false
        break
      case 'paused':
      case 'resumed':
        violations.check(this.#isPaused === (event.type === 'resumed'), 'events', () => `${event.type} twice`)
        this.#isPaused = event.type === 'paused'
        break
      case 'outage-started':
      case 'outage-ended':
        violations.check(
          this.#isOutage === (event.type === 'outage-ended'),
          'events',
          () => `${event.type} twice`,
        )
        this.#isOutage = event.type === 'outage-started'
        break
      case 'sync-started':
        break
      case 'sync-settled':
        this.#settled(event.ids)
        break
      case 'callback-error':
        this.callbackErrors += 1
        break
      case 'unexpected-response':
        this.unexpected += 1
        break
    }
    this.react(event)
  }

  /** Which call is told to have settled: one that ended in this turn. What a stop found ended may have been taken in before. */
  #settled(ids: readonly string[]): void {
    const { model } = this.#scene
    const ended = [...model.ended, ...model.calls].filter(
      ({ outcome, isTold, sent }) => outcome !== undefined && !isTold && sent.has(ids[0] ?? ''),
    )
    const call = ended.find(({ state }) => state !== 'aborted') ?? ended[0]
    if (call === undefined) return
    call.isTold = true
    this.#told.push(call)
  }

  /** What the application does when it hears of something. */
  readonly react = (event: AutoRefreshEvent<Item>): void => {
    // Who throws when told of a throw is reported, but not told of.
    if (event.type === 'callback-error') return
    if (event.type === 'sync-started') this.starting = new Set([...this.starting, ...event.ids])
    this.#scene.reactions.run('event')
  }

  /** The call is made: what is written from now on is written while it runs. */
  made(): void {
    if (this.starting.size > 0) this.starting = new Set()
  }

  /** The calls that are told to have settled since this was last asked. */
  take(): readonly ModelCall[] {
    if (this.#told.length === 0) return this.#told
    const told = this.#told
    this.#told = []
    return told
  }

  /** Of two things that may have happened in this turn, whether this one has. */
  hasHeard(id: string, what: string): boolean {
    return this.#heard.get(id)?.includes(what) === true
  }

  get isOutage(): boolean {
    return this.#isOutage
  }

  /** At the end of a turn what was heard is what has happened, id by id, in order. */
  endTurn(): void {
    const { script, model, violations, reactions, outage } = this.#scene
    if (script.options.eventsHeard) {
      violations.check(
        this.#isOutage === outage.isOn,
        'F6',
        () => `an outage is ${this.#isOutage ? '' : 'not '}on, and should ${outage.isOn ? '' : 'not '}be`,
      )
      for (const id of this.#heard.keys()) this.#compare(id)
      for (const id of model.entries.keys()) if (!this.#heard.has(id)) this.#compare(id)
      violations.always(
        this.callbackErrors === reactions.thrown,
        'F7',
        () => `${reactions.thrown} callbacks threw, ${this.callbackErrors} were told`,
      )
      if (model.vague.size === 0 && script.options.eventsHeard)
        violations.check(
          this.unexpected === model.unexpected,
          'F4',
          () => `${model.unexpected} responses were not asked for, ${this.unexpected} were told`,
        )
      model.unexpected = this.unexpected
    }
    violations.always(
      reactions.reported === reactions.thrown,
      'F7',
      () => `${reactions.thrown} callbacks threw, ${reactions.reported} were reported`,
    )
    this.#heard.clear()
    this.made()
  }

  #compare(id: string): void {
    const { model, violations } = this.#scene
    const heard = this.#heard.get(id) ?? NOTHING
    const happened = model.journal.events(id)
    if ((heard.length === 0 && happened.length === 0) || model.vague.has(id)) return
    if (!isAsHappened(heard, happened))
      violations.add(
        'events',
        `of ${JSON.stringify(id)} was told ${heard.join()}; it happened ${happened.join()}`,
      )
  }

  #note(id: string, what: string): void {
    const heard = this.#heard.get(id)
    if (heard === undefined) this.#heard.set(id, [what])
    else heard.push(what)
  }
}

/** What was marked when it was too old may have expired first, or not. */
function isAsHappened(heard: readonly string[], happened: readonly string[]): boolean {
  const isEither = happened.some((what) => what.startsWith('deleted:delayed|'))
  const told = isEither ? heard.filter((what) => what !== 'expired') : heard
  const expected = isEither ? happened.filter((what) => what !== 'expired') : happened
  return told.length === expected.length && told.every((one, i) => isOf(one, expected[i] ?? ''))
}

/** `deleted:gone` is of `deleted:delayed|gone`. */
function isOf(heard: string, happened: string): boolean {
  if (heard === happened) return true
  const [what, reason] = heard.split(':')
  const [kind, reasons] = happened.split(':')
  return what === kind && reasons !== undefined && reason !== undefined && reasons.split('|').includes(reason)
}
