import type { Clock, ItemId } from '@auto-refresh/core'
import { randomName } from '../group/random-name.ts'
import type { Connection, ConnectionEvents, GroupKey, StoredState } from '../group/transport.ts'
import { MAX_EPOCH_AHEAD } from '../protocol/limits.ts'
import type { Message } from '../protocol/message.ts'
import { Announcer } from './announcer.ts'
import { Commands } from './commands.ts'
import { Inbox } from './inbox.ts'
import { FREE, Lease } from './lease.ts'
import { namesOf } from './names.ts'
import type { FleetStore } from './store.ts'
import { StoredValues } from './stored-values.ts'
import { Subscription } from './subscription.ts'

export interface ConnectionOptions {
  readonly store: FleetStore
  readonly clock: Clock
  readonly random: () => number
  readonly namespace: string
  /** ms */
  readonly lease: number
  readonly commandTimeout: number
  /** ms */
  readonly keep: number
}

/** ms between two terms that are taken anew only because a later epoch was heard of (K8). */
const RISE = 1000

/** A process's connection to its group: a lease, a subscription, stored values. It holds no state of items. */
export class FleetConnection implements Connection {
  readonly name: string = randomName()
  readonly isStoring = true
  readonly #clock: Clock
  readonly #events: ConnectionEvents
  readonly #commands: Commands
  readonly #values: StoredValues
  readonly #announcer: Announcer
  readonly #inbox: Inbox
  readonly #lease: Lease
  readonly #subscription: Subscription
  #isStanding = false
  #isClosed = false
  #isDeaf = false
  /** Silences in a row in which the store did not answer either. */
  #silences = 0
  #seenEpoch = 0
  #roseAt = -Infinity

  constructor(options: ConnectionOptions, key: GroupKey, events: ConnectionEvents) {
    const { store, clock, random, lease, keep } = options
    const names = namesOf(options.namespace, store.database, key)
    this.#clock = clock
    this.#events = events
    this.#commands = new Commands(store, clock, options.commandTimeout)
    this.#values = new StoredValues(this.#commands, names, key, () => events.unreadable())
    this.#inbox = new Inbox(this.#values, events)
    this.#lease = new Lease({
      clock,
      random,
      lease,
      names,
      commands: this.#commands,
      member: this.name,
      seenEpoch: () => this.#seenEpoch,
      granted: (fence) => this.#granted(fence),
      lost: () => events.lost(),
      heldBy: (member, fence) => this.#heldBy(member, fence),
    })
    this.#announcer = new Announcer(this.#commands, names, this.#lease, keep)
    this.#subscription = new Subscription({
      store,
      clock,
      channels: [names.channel, names.own(this.name)],
      silence: lease / 2,
      received: (text) => this.#received(text),
      confirmed: () => this.#confirmed(),
      silent: () => this.#silent(),
    })
  }

  send(message: Message): void {
    if (message.to === this.name) {
      this.#announcer.check(message)
      return
    }
    // It asks in full once it hears.
    const isEarly = !this.#subscription.isConfirmed
    if (isEarly && (message.type === 'ask' || message.type === 'hello')) return
    this.#announcer.send(message)
  }

  mayLead(): boolean {
    return this.#lease.isValid
  }

  async read(ids: readonly ItemId[]): Promise<readonly StoredState[]> {
    try {
      return await this.#values.read(ids)
    } catch {
      return []
    }
  }

  stand(): void {
    this.#isStanding = true
    if (this.#subscription.isConfirmed) this.#lease.stand()
  }

  resign(): void {
    this.#isStanding = false
    this.#lease.resign()
  }

  close(): void {
    this.#isClosed = true
    this.#isStanding = false
    this.#lease.close()
    this.#subscription.close()
    this.#inbox.close()
    this.#commands.close()
  }

  #granted(fence: number): void {
    this.#seenEpoch = Math.max(this.#seenEpoch, fence)
    this.#announcer.newTerm()
    this.#events.granted(fence)
  }

  /** It hears: only now does it stand for the lead, because a leader that hears nobody serves nobody. */
  #confirmed(): void {
    if (this.#isClosed) return
    if (this.#isStanding) this.#lease.stand()
    this.#events.reconnected()
  }

  #received(text: string): void {
    if (text === FREE) {
      this.#lease.hurry()
      return
    }
    const message = this.#inbox.parse(text)
    if (message === undefined) return
    const { type, from, epoch } = message
    if (type === 'beat') {
      this.#isDeaf = false
      this.#silences = 0
      this.#subscription.heardBeat()
      this.#inbox.readLate()
    }
    if (from === this.name) return
    if (typeof epoch === 'number') this.#noteEpoch(epoch)
    this.#inbox.take(message)
    // Messages from before it led did not reach it.
    if (type === 'lead') this.#events.reconnected()
  }

  /** A leader that hears of a later epoch takes one later still (K8). */
  #noteEpoch(epoch: number): void {
    if (!Number.isSafeInteger(epoch) || epoch > this.#clock.epoch() + MAX_EPOCH_AHEAD) return
    this.#seenEpoch = Math.max(this.#seenEpoch, epoch)
    const { fence } = this.#lease
    const now = this.#clock.now()
    if (fence === undefined || epoch <= fence || now - this.#roseAt < RISE) return
    this.#roseAt = now
    this.#lease.drop()
  }

  /** No beat comes, not even a leader's own. If another one leads, the store tells. */
  #silent(): void {
    this.#isDeaf = true
    this.#silences += 1
    const { isConfirmed } = this.#subscription
    if (this.#lease.fence !== undefined || !isConfirmed || this.#silences > 2) this.#subscription.renew()
    else this.#lease.hurry()
  }

  /** The store shows a leader. If it is not heard, the subscription is dead (V4). */
  #heldBy(member: string, fence: number): void {
    this.#silences = 0
    this.#noteEpoch(fence)
    if (!this.#isDeaf) return
    this.#events.vouched(member, fence)
    this.#subscription.renew()
  }
}
