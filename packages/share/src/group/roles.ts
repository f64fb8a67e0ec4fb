import type { LeaderBody } from '../protocol/message.ts'
import { MAX_EPOCH_AHEAD } from '../protocol/limits.ts'
import type { AloneReason } from './alone-reason.ts'
import { Illness, STAY_OUT } from './illness.ts'
import type { RolesPort } from './roles-port.ts'

/** `joining`: waits for a leader. `out`: would not refresh now, and has no group. */
export type Role = 'out' | 'joining' | 'follower' | 'leader' | 'alone'

/** ms between two epochs of one leader, because a hostile page may claim later ones without end (K8). */
const RISE = 1000

/** The leader, and the role of this member: the only thing in a group that decides by time. */
export class Roles {
  readonly #port: RolesPort
  #role: Role = 'joining'
  #why: AloneReason | undefined
  /** The highest epoch that was heard of. */
  #epoch = 0
  /** The leader that is heard, by its name. */
  #leader: string | undefined
  /** The term has a number of its own, which cannot be raised. */
  #isFenced = false
  #isLinked = false
  #heardAt: number
  #lastBeat = -Infinity
  /** Until then the member waits for a leader; a leader asks nothing. */
  #graceUntil: number
  #pulseAt: number
  readonly #illness = new Illness()
  #standAt = Infinity
  #roseAt = -Infinity
  isOtherVersionHeard = false

  constructor(port: RolesPort) {
    this.#port = port
    const now = port.timer.now()
    this.#heardAt = now
    this.#graceUntil = now + port.timing.grace
    this.#pulseAt = now + port.timing.beat
  }

  get role(): Role {
    return this.#role
  }

  get epoch(): number {
    return this.#epoch
  }

  get why(): AloneReason | undefined {
    return this.#role === 'alone' ? (this.#port.connection.why ?? this.#why) : undefined
  }

  get leader(): string | undefined {
    return this.#leader
  }

  /** True if a leader must not ask now: it missed time, and may have been outranked (B5), or its lease is running out (V2). */
  get isHeld(): boolean {
    return this.#port.timer.now() < this.#graceUntil || this.#port.connection.mayLead?.() === false
  }

  /** Joins: asks who leads, and stands. */
  start(): void {
    this.#open()
    this.#stand()
    this.#arm()
  }

  granted(epoch: number | undefined): void {
    if (this.#role === 'leader') return
    this.#isFenced = epoch !== undefined
    this.#epoch = epoch ?? Math.max(this.#epoch + 1, Math.floor(this.#port.epoch()))
    this.#leader = this.#port.self
    this.#graceUntil = -Infinity
    this.#pulseAt = this.#port.timer.now() + this.#port.timing.beat
    this.#illness.reset()
    this.#port.lead(this.#illness.isRecent(this.#port.timer.now()))
    this.#port.send({ type: 'lead' })
    this.#open()
    this.#become('leader')
  }

  /** The lead is lost, to another or for now. */
  lost(): void {
    if (this.#role === 'leader') this.#stepDown()
    // It may be lost before this member hears that it has it. One that stays out does not want it.
    if (this.#standAt === Infinity) this.#stand()
  }

  /** Goes, and says so. */
  leave(): void {
    this.#port.send({ type: 'bye' })
    if (this.#role === 'leader') this.#port.unlead()
    this.#role = 'out'
    this.#closeLink()
  }

  /** A leader's message arrived. True if it counts. */
  heard(from: string, epoch: number, type: LeaderBody['type']): boolean {
    if (epoch > this.#port.epoch() + MAX_EPOCH_AHEAD) return false
    const leader = this.#leader
    if (epoch < this.#epoch || (epoch === this.#epoch && leader !== undefined && from > leader)) {
      if (type === 'beat') this.#contradict(from)
      return false
    }
    if (this.#role === 'leader') {
      if (from === this.#port.self) return true
      this.#outranked(epoch)
      return false
    }
    const { timer, timing } = this.#port
    const now = timer.now()
    if (from !== leader || epoch > this.#epoch) {
      const isFirst = leader === undefined && this.#role === 'joining' && this.#isLinked
      this.#epoch = epoch
      this.#leader = from
      this.#heardAt = now
      this.#lastBeat = -Infinity
      // The first leader that is heard was asked already.
      if (!isFirst) this.#open()
    } else if (type === 'lead') {
      // It is as silent as before about what it did not acknowledge (K7).
      this.#port.leaderMissed()
    }
    if (type === 'beat') {
      this.#heardAt = now
      if (now - this.#lastBeat < timing.beat / 2) this.#port.distrust()
      this.#lastBeat = now
    }
    this.#arm()
    return true
  }

  /** The leader has acknowledged an ask of this member: it is there, and it listens. */
  acknowledged(): void {
    if (this.#role !== 'joining' && this.#role !== 'alone') return
    // It hears some asks, and others not.
    if (this.#port.linkSilence() > this.#port.timing.lease) return
    this.#heardAt = this.#port.timer.now()
    this.#become('follower')
  }

  /** The leader goes. */
  leaderLeft(from: string, isIll: boolean): void {
    if (isIll) this.#illness.note(this.#port.timer.now())
    if (from !== this.#leader || this.#role === 'leader') return
    this.#wait()
  }

  /** The group's connection may have lost messages. */
  missed(): void {
    const { timer, timing } = this.#port
    this.#graceUntil = Math.max(this.#graceUntil, timer.now() + timing.grace)
    if (this.#role !== 'leader') {
      if (this.#isLinked) this.#port.send({ type: 'hello' })
      this.#port.distrust()
    }
    this.#arm()
  }

  /** Does what is due. */
  tick(): void {
    const { timer, timing, connection } = this.#port
    const now = timer.now()
    if (now >= this.#standAt) this.#stand()
    if (this.#role === 'leader') {
      this.#port.tickLeader()
      this.#tickLeader(now)
    } else {
      const silence = now - this.#heardAt
      if (now >= this.#graceUntil) {
        if (this.#role === 'joining') this.#fallAlone('no-leader')
        else if (this.#role === 'follower' && silence > timing.lease) this.#fallAlone('leader-silent')
        else if (this.#role === 'follower' && this.#port.linkSilence() > timing.lease)
          this.#fallAlone('leader-deaf')
      }
      if (now >= this.#pulseAt) {
        this.#pulseAt = now + timing.beat
        if (this.#isLinked) this.#port.pulse()
        if (silence > timing.lease) connection.leaderSilent?.(silence)
      }
    }
    this.#arm()
  }

  /** A call of this leader has settled (K18). */
  callSettled(isFailed: boolean): void {
    this.#illness.settled(isFailed, this.#port.timer.now(), this.#port.timing.lease)
    this.#arm()
  }

  /** Sets the timer anew, because something is due sooner than it was. */
  wake(): void {
    this.#arm()
  }

  #tickLeader(now: number): void {
    if (now >= this.#pulseAt) {
      this.#pulseAt = now + this.#port.timing.beat
      this.#port.beat()
    }
    if (!this.#illness.mustGo(now, this.#port.isIll(), this.#port.timing.lease)) return
    this.#illness.note(now)
    this.#port.send({ type: 'bye', isIll: true })
    this.#port.connection.resign()
    this.#standAt = now + STAY_OUT
    this.#stepDown()
  }

  /** Someone leads with an older epoch than was heard of: it was outranked, or the later one was forged (K8). */
  #contradict(from: string): void {
    if (this.#role === 'leader') this.#port.send({ type: 'lead' }, from)
    else if (this.#role !== 'follower') this.#port.send({ type: 'hello' }, from)
  }

  /** A member knows of a later epoch: this leader takes one later still. */
  memberKnows(epoch: number): void {
    if (this.#role !== 'leader' || this.#isFenced || epoch <= this.#epoch) return
    if (epoch <= this.#port.epoch() + MAX_EPOCH_AHEAD) this.#outranked(epoch)
  }

  #outranked(epoch: number): void {
    const now = this.#port.timer.now()
    if (this.#isFenced) {
      this.#stepDown()
      this.#port.connection.resign()
      this.#stand()
    } else if (now - this.#roseAt >= RISE) {
      this.#roseAt = now
      this.#epoch = epoch + 1
      this.#port.send({ type: 'lead' })
      this.#open()
    }
  }

  #stepDown(): void {
    this.#port.unlead()
    this.#wait()
  }

  /** There is no leader at this moment. */
  #wait(): void {
    this.#leader = undefined
    this.#closeLink()
    this.#graceUntil = this.#port.timer.now() + this.#port.timing.grace
    this.#become('joining')
  }

  #fallAlone(why: AloneReason): void {
    this.#why = why === 'no-leader' && this.isOtherVersionHeard ? 'other-version' : why
    // A leader that does not listen is asked on.
    if (why === 'leader-silent') {
      this.#leader = undefined
      this.#closeLink()
    }
    if (this.#standAt < Infinity) this.#stand()
    this.#become('alone')
  }

  #stand(): void {
    this.#standAt = Infinity
    this.#port.connection.stand()
  }

  #open(): void {
    this.#isLinked = true
    this.#port.openLink()
  }

  #closeLink(): void {
    this.#isLinked = false
    this.#port.closeLink()
  }

  #become(role: Role): void {
    const isNew = role !== this.#role
    this.#role = role
    this.#arm()
    if (isNew) this.#port.changed()
  }

  #arm(): void {
    if (this.#role === 'out') return
    const { timer, timing } = this.#port
    const now = timer.now()
    let due = Math.min(this.#pulseAt, this.#standAt)
    if (this.#role === 'leader') due = Math.min(due, this.#port.leaderDueAt(), this.#illness.dueAt)
    const isWaiting = this.#role === 'joining' || (this.#role === 'leader' && now < this.#graceUntil)
    if (isWaiting) due = Math.min(due, this.#graceUntil)
    if (this.#role === 'follower') {
      const heardAt = Math.min(this.#heardAt, now - this.#port.linkSilence())
      due = Math.min(due, Math.max(heardAt + timing.lease + 1, this.#graceUntil))
    }
    timer.set(due)
  }
}
