import type { Clock } from '@auto-refresh/core'
import type { Commands } from './commands.ts'
import type { Names } from './names.ts'
import { RELEASE, RENEW, TAKE } from './scripts.ts'

/** Text by which the others hear that the lease was given up. */
export const FREE = 'free'

/** ms for which a fence is kept after the last renewal. The server's time is higher than all that were forgotten. */
const KEEP_FENCE = 86_400_000
/** Longest wait before a new attempt, as a part of the lease, because a lease that was lost in a flush has no end to wait for. */
const MAX_WAIT = 1 / 2
/** Spreads what many do at once, as a part of the lease. */
const JITTER = 1 / 20
/** ms until a token is given up once more of which the store has not said whether it was taken; doubled each time. */
const RELEASE_RETRY = 500
const MAX_RELEASE_RETRY = 5000

/** The settings of a lease, and its listeners. */
export interface LeasePort {
  readonly clock: Clock
  readonly random: () => number
  readonly commands: Commands
  readonly names: Names
  /** ms */
  readonly lease: number
  /** Name of the member. It becomes part of the lease's value. */
  readonly member: string
  /** The highest epoch heard of. */
  seenEpoch(): number
  granted(fence: number): void
  lost(): void
  /** Another member holds it. */
  heldBy(member: string, fence: number): void
}

/** A lease that is held. */
interface Term {
  readonly token: string
  /** The lease in the store: fence and token. */
  readonly value: string
  readonly fence: number
  /** When the last confirmed renewal was sent, ms on the local clock. */
  renewedAt: number
}

/** Takes, renews and gives up the lease by which one member of a group leads (V2). It has one timer. */
export class Lease {
  readonly #port: LeasePort
  #isStanding = false
  /** A taking that the store has not answered, and its token. */
  #attempted: { readonly token: string; readonly answer: Promise<unknown> } | undefined
  #isClosed = false
  #hadTerm = false
  #term: Term | undefined
  #tokens = 0
  #timer: unknown
  /** Timers of tokens that are to be given up. */
  readonly #doubts = new Set<unknown>()

  constructor(port: LeasePort) {
    this.#port = port
  }

  /** Value of the lease, for scripts that compare it; undefined if it is not held, or runs out by the local clock. */
  get value(): string | undefined {
    return this.isValid ? this.#term?.value : undefined
  }

  get fence(): number | undefined {
    return this.#term?.fence
  }

  /** True if a renewal was confirmed within two thirds of the lease. */
  get isValid(): boolean {
    return this.#term !== undefined && this.#port.clock.now() < this.#deadline(this.#term)
  }

  /** Wants the lease until `resign`. */
  stand(): void {
    if (this.#isStanding || this.#isClosed) return
    this.#isStanding = true
    // A member that had it lets the others try first.
    if (this.#hadTerm) this.#attemptIn(this.#jitter(2))
    else this.#attempt()
  }

  /** Attempts it soon, because it was given up, or because something looks wrong. */
  hurry(): void {
    if (this.#attempted === undefined) this.#attemptIn(this.#jitter(1))
  }

  resign(): void {
    this.#isStanding = false
    this.#clearTimer()
    const term = this.#term
    this.#term = undefined
    if (term !== undefined) this.#giveUp(term.token)
  }

  /** The store says that it is not held any more. */
  refused(value: string): void {
    if (this.#term?.value === value) this.#lose()
  }

  /** Gives it up, and says that it is lost. */
  drop(): void {
    const term = this.#term
    if (term === undefined) return
    this.#giveUp(term.token)
    this.#lose()
  }

  /** Resigns. No timer is left. */
  close(): void {
    this.resign()
    this.#isClosed = true
    for (const timer of this.#doubts) this.#port.clock.clearTimeout(timer)
    this.#doubts.clear()
    // A lease that it is still taking would be held by nobody (V2).
    if (this.#attempted !== undefined) this.#releaseAfter(this.#attempted.token, this.#attempted.answer)
    this.#attempted = undefined
  }

  #attempt(): void {
    const { clock, commands, names, lease, member, random } = this.#port
    this.#clearTimer()
    this.#tokens += 1
    const token = `${member}.${this.#tokens}`
    const startedAt = clock.now()
    const { lease: key, fence } = names
    const args = [token, String(lease), String(this.#port.seenEpoch()), String(KEEP_FENCE)]
    const answer = commands.run(TAKE, [key, fence], args)
    this.#attempted = { token, answer }
    commands.inTime(answer).then(
      (result) => {
        this.#attempted = undefined
        const taken = readTaken(result)
        if (taken === undefined) this.#doubt(token, answer)
        else if (taken.isTaken) this.#took(token, taken.fence, startedAt)
        else if (this.#isStanding) {
          this.#attemptIn(Math.min(taken.left, lease * MAX_WAIT) + random() * lease * JITTER)
          this.#tellHolder(taken.value)
        }
      },
      () => {
        this.#attempted = undefined
        this.#doubt(token, answer)
      },
    )
  }

  #took(token: string, fence: number, startedAt: number): void {
    const term = { token, value: `${fence}:${token}`, fence, renewedAt: startedAt }
    const isLate = this.#port.clock.now() >= this.#deadline(term)
    if (!this.#isStanding || isLate) {
      this.#giveUp(token)
      this.#attemptIn(this.#jitter(2))
      return
    }
    this.#hadTerm = true
    this.#term = term
    this.#renewIn(this.#port.lease / 3)
    this.#port.granted(fence)
  }

  /** A taking without an answer is not led upon. It is given up as soon as the store answers. */
  #doubt(token: string, answer: Promise<unknown>): void {
    this.#releaseAfter(token, answer)
    this.#attemptIn(this.#port.lease / 5 + this.#jitter(2))
  }

  #releaseAfter(token: string, answer: Promise<unknown>): void {
    const giveUp = (): void => this.#giveUp(token)
    answer.then(giveUp, giveUp)
    this.#giveUp(token)
  }

  #renewIn(delay: number): void {
    const term = this.#term
    if (term === undefined) return
    const left = this.#deadline(term) - this.#port.clock.now()
    this.#setTimer(
      () => {
        if (this.isValid) this.#renew(term)
        else this.drop()
      },
      Math.min(delay, left),
    )
  }

  #renew(term: Term): void {
    const { clock, commands, names, lease } = this.#port
    const startedAt = clock.now()
    // If no answer comes, the next look is when it has to be given up.
    this.#renewIn(Infinity)
    const args = [term.value, String(lease), String(KEEP_FENCE)]
    commands.inTime(commands.run(RENEW, [names.lease, names.fence], args)).then(
      (result) => {
        if (this.#term !== term) return
        if (result === 1) {
          term.renewedAt = startedAt
          this.#renewIn(lease / 3 - (clock.now() - startedAt))
        } else this.refused(term.value)
      },
      () => {
        if (this.#term === term) this.#renewIn(lease * JITTER)
      },
    )
  }

  #lose(): void {
    this.#clearTimer()
    this.#term = undefined
    this.#isStanding = false
    this.#port.lost()
  }

  /** Gives a token up, again and again until the store has answered. */
  #giveUp(token: string, retry: number = RELEASE_RETRY): void {
    const { clock, commands, names } = this.#port
    const answer = commands.run(RELEASE, [names.lease], [token, names.channel, FREE])
    if (this.#isClosed) {
      answer.catch(() => undefined)
      return
    }
    commands.inTime(answer).catch(() => {
      if (this.#isClosed) return
      const timer = clock.setTimeout(() => {
        this.#doubts.delete(timer)
        this.#giveUp(token, Math.min(2 * retry, MAX_RELEASE_RETRY))
      }, retry)
      this.#doubts.add(timer)
    })
  }

  #tellHolder(value: string): void {
    const [, fence, member] = /^(\d+):(.+)\.\d+$/.exec(value) ?? []
    if (member !== undefined) this.#port.heldBy(member, Number(fence))
  }

  #deadline({ renewedAt }: Term): number {
    return renewedAt + (this.#port.lease * 2) / 3
  }

  #attemptIn(delay: number): void {
    if (this.#isStanding && this.#term === undefined) this.#setTimer(() => this.#attempt(), delay)
  }

  #jitter(parts: number): number {
    return this.#port.random() * this.#port.lease * JITTER * parts
  }

  #setTimer(callback: () => void, delay: number): void {
    this.#clearTimer()
    this.#timer = this.#port.clock.setTimeout(callback, Math.max(0, delay))
  }

  #clearTimer(): void {
    this.#port.clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

type Taken =
  | { readonly isTaken: true; readonly fence: number }
  | { readonly isTaken: false; readonly left: number; readonly value: string }

function readTaken(result: unknown): Taken | undefined {
  const list: readonly unknown[] = Array.isArray(result) ? result : []
  const [isTaken, second, value] = list
  const number = Number(second)
  if (!Number.isSafeInteger(number) || number <= 0) return undefined
  if (isTaken === 1) return { isTaken: true, fence: number }
  return isTaken === 0 ? { isTaken: false, left: number, value: String(value) } : undefined
}
