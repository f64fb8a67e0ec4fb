import { type Model } from './model.ts'

/** Whether the cache runs, and by whom (L1 to L4, L8). */
export class Life {
  readonly #model: Model
  isRunning = false
  holders = 0
  #isByRetain = false
  /** Signals that stop the cache, by number. */
  readonly #signals = new Set<number>()
  /** The last holder left; the cache stops before the turn ends. */
  #isLeft = false
  /** A start after a sleep is a new beginning (T2). */
  onStart: () => void = () => {}

  constructor(model: Model) {
    this.#model = model
  }

  start(signal?: number): void {
    if (signal !== undefined) this.#signals.add(signal)
    this.#isByRetain = false
    this.#isLeft = false
    this.#begin()
  }

  abort(signal: number): void {
    if (this.isRunning && this.#signals.has(signal)) this.stop()
  }

  retain(): void {
    this.holders += 1
    this.#isLeft = false
    if (this.isRunning) return
    this.#isByRetain = true
    this.#begin()
  }

  release(): void {
    this.holders -= 1
    if (this.holders === 0 && this.isRunning && this.#isByRetain) this.#isLeft = true
  }

  /** Whether it may stop of itself, and has to before the turn ends. */
  get isLeft(): boolean {
    return this.#isLeft && this.isRunning
  }

  /** L3 */
  stop(): void {
    this.#signals.clear()
    this.#isLeft = false
    if (!this.isRunning) return
    this.isRunning = false
    const model = this.#model
    const now = model.clock.now()
    for (const call of model.calls) {
      if (!call.isActive) continue
      if (call.state === 'settling') call.hasAnswered = true
      if (call.isOpened) for (const id of call.sent.keys()) model.vague.add(id)
      call.state = 'aborted'
      for (const id of call.sent.keys()) model.journal.activity(id)
      for (const { entry } of call.sent.values()) entry.isPlaceVague = true
      for (const { entry } of call.sent.values())
        if (entry.due.lo !== Infinity || entry.due.hi !== Infinity)
          entry.due = { lo: Math.min(now, entry.due.lo), hi: Math.max(now, entry.due.hi, entry.plannedHi) }
    }
    for (const entry of model.entries.values()) {
      const { due, unaskedHi } = entry
      if (unaskedHi !== undefined) entry.isPlaceVague = true
      if (unaskedHi !== undefined)
        entry.due = { lo: due.lo, hi: Math.max(due.hi, unaskedHi, entry.plannedHi) }
      // Marked in a call that is over now (W5).
      if (entry.removal?.lo === Infinity) entry.removal = { lo: now, hi: Infinity }
    }
    for (const request of model.requests)
      if (request.expected === 'pending' && request.servedBy?.outcome !== undefined)
        request.expected = 'vague'
      else if (request.expected === 'pending') request.expected = { kind: 'code', code: 'STOPPED' }
  }

  #begin(): void {
    if (this.isRunning) return
    this.isRunning = true
    // What fell due meanwhile is due now (L4): who was first is over.
    const now = this.#model.clock.now()
    for (const entry of this.#model.entries.values())
      if (entry.due.hi < now) entry.due = { lo: entry.due.lo, hi: now }
    this.onStart()
  }
}
