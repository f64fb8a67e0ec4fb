import { type AutoRefresh } from '@auto-refresh/core'
import { type ModelCall } from './model/call.ts'
import { Dispatch } from './model/dispatch.ts'
import { type ModelEntry } from './model/entry.ts'
import { Life } from './model/life.ts'
import { Model } from './model/model.ts'
import { ModelOutage } from './model/outage.ts'
import { rulesOf } from './model/rules.ts'
import { Settlement } from './model/settlement.ts'
import { ModelWallClock } from './model/wall-clock.ts'
import { Reactions } from './reactions.ts'
import { type Item, type Script } from './script.ts'
import { SimulatedClock } from './simulated-clock.ts'
import { SimulatedPage } from './simulated-page.ts'
import { Violations } from './violation.ts'
import { Witness } from './witness.ts'

/** One cache with all that surrounds it, and the model beside it. */
export class World {
  readonly script: Script
  readonly violations: Violations
  readonly clock = new SimulatedClock()
  readonly page = new SimulatedPage()
  readonly model: Model
  readonly life: Life
  readonly outage: ModelOutage
  readonly dispatch: Dispatch
  readonly settlement: Settlement
  readonly wallClock: ModelWallClock
  readonly reactions: Reactions
  readonly witness: Witness
  /** Is told what happens, where somebody replays. */
  readonly trace: ((line: string) => void) | undefined
  #cache: AutoRefresh<Item> | undefined

  constructor(script: Script, trace?: (line: string) => void) {
    this.script = script
    this.violations = new Violations()
    this.trace = trace && ((line) => trace(`${this.clock.now()} ${line}`))
    this.model = new Model(rulesOf(script.options, script.random), this.clock, this.violations)
    this.life = new Life(this.model)
    this.outage = new ModelOutage(this.model.rules)
    this.dispatch = new Dispatch(this.model, this.life, this.outage, () => this.isGateOpen)
    this.settlement = new Settlement(
      this.model,
      this.outage,
      (id, item) => this.cache.getSnapshot(id).item === item,
    )
    this.wallClock = new ModelWallClock(this.clock)
    this.life.onStart = () => this.wallClock.start(this.model)
    this.reactions = new Reactions(script.reactions, script.isWild)
    this.witness = new Witness(this)
    this.reactions.isStarting = () => this.witness.starting.size > 0
  }

  /** The cache that lives in it. */
  get cache(): AutoRefresh<Item> {
    if (this.#cache === undefined) throw new Error('there is no cache yet')
    return this.#cache
  }

  settle(cache: AutoRefresh<Item>): void {
    this.#cache = cache
    if (this.script.options.eventsHeard) cache.onEvent(this.witness.hear)
  }

  get isGateOpen(): boolean {
    const { refreshWhenHidden, refreshWhenOffline } = this.model.rules
    return (refreshWhenHidden || this.page.isVisible()) && (refreshWhenOffline || this.page.isOnline())
  }

  /** Brings the model to where the cache is by now, in all that the cache does of itself within a turn. */
  catchUp(sending?: ReadonlySet<string>): void {
    for (const call of this.witness.take()) if (call.state !== 'done') this.settlement.finish(call)
    if (this.life.isLeft && !this.cache.isRunning) {
      for (const entry of this.model.entries.values()) this.#catchUpWithTime(entry.id)
      this.blurWhatEnds()
      this.life.stop()
    }
    for (const call of this.model.calls) if (call.state === 'settling') this.#catchUpWith(call, sending)
    for (const entry of this.model.entries.values()) this.#catchUpWithTime(entry.id)
  }

  /** `sending`: what a call starts with just now, of which any other call has let go. */
  #catchUpWith(call: ModelCall, sending: ReadonlySet<string> | undefined): void {
    for (const [id, sent] of call.sent) {
      const isThere = this.model.entries.get(id) === sent.entry
      if (!isThere || (this.cache.getSnapshot(id).isRefreshing && sending?.has(id) !== true)) continue
      // In the middle of a write the rest of the call may not be written yet.
      if (!this.reactions.isInValue) return this.settlement.finish(call)
      this.settlement.apply(call, id, sent)
    }
    const isGone = [...call.sent].every(([id, { entry }]) => this.model.entries.get(id) !== entry)
    if (sending !== undefined && isGone && !this.script.options.eventsHeard) this.settlement.finish(call)
  }

  /** A stop comes: whether what has ended was taken in before is told by events alone. */
  blurWhatEnds(): void {
    if (this.script.options.eventsHeard) return
    this.violations.isBlurred ||= [...this.model.calls].some(({ state }) => state === 'settling')
  }

  /** W5: what is marked goes with the end of its call, also after a stop. */
  #mayGoStopped(entry: ModelEntry): boolean {
    if (!entry.isDeleting) return false
    if (entry.removal?.hi === Infinity) return true
    return [...this.model.calls].some(({ state, sent }) => state === 'aborted' && sent.has(entry.id))
  }

  /** Removals and expiries of which the time has come: the cache may have seen to them, or is about to. */
  #catchUpWithTime(id: string): void {
    const entry = this.model.entries.get(id)
    if (entry === undefined || !(this.life.isRunning || this.#mayGoStopped(entry))) return
    const now = this.clock.now()
    const { maxAge, terminalTtl, gcTime } = this.model.rules
    const { status } = this.cache.getSnapshot(id)
    if (status === 'expired' && entry.status === 'active' && entry.createdMono + maxAge <= now)
      this.model.expire(entry)
    if (status !== 'missing') return
    const reasons: string[] = []
    if (entry.removal !== undefined && entry.removal.lo <= now) reasons.push('delayed')
    if (entry.endedMono !== undefined && entry.endedMono + terminalTtl <= now) reasons.push('terminal-ttl')
    const since = Math.min(entry.unobservedMaybeSince ?? Infinity, entry.unobservedSince ?? Infinity)
    if (since + gcTime <= now) reasons.push('unobserved')
    // What is too old expires before it goes, but where it was marked.
    const isOld = entry.status === 'active' && entry.createdMono + maxAge <= now
    if (isOld && (!reasons.includes('delayed') || this.witness.hasHeard(id, 'expired'))) {
      this.model.expire(entry)
      if (terminalTtl <= 0) reasons.push('terminal-ttl')
    }
    if (reasons.length > 0) this.model.remove(entry, `deleted:${reasons.join('|')}`)
  }
}
