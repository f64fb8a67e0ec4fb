import type { Connection, ConnectionEvents, GroupKey, Transport } from '../group/transport.ts'
import { LeadLock } from './lead-lock.ts'

export { GroupError, type GroupOption, type SharedOptions } from '../shared-options.ts'
export { SharedAutoRefresh } from '../shared-auto-refresh.ts'

/** How tabs share. */
export interface TabsOptions {
  /**
   * True if the cache refreshes while hidden (`refreshWhenHidden: true`). Browsers slow the timers of hidden pages down to one
   * a minute, so that a leader may be silent for that long: 75 s instead of 6. Default false.
   */
  readonly mayBeHidden?: boolean | undefined
}

/**
 * One poller for all tabs of a browser: the leader by a Web Lock, messages by a `BroadcastChannel`. A tab without them is alone.
 *
 * ```ts
 * const jobs = new SharedAutoRefresh({ sync, interval: 2000, group: userId, transport: tabs('jobs') })
 * ```
 *
 * @param name of the cache, the same in all tabs; another one for each cache of an application
 */
export function tabs(name: string, { mayBeHidden = false }: TabsOptions = {}): Transport {
  const timing = { beat: 2000, lease: mayBeHidden ? 75_000 : 6000, grace: 300 }
  return {
    timing,
    connect(key, events) {
      const { BroadcastChannel: Channel, navigator } = globalThis
      const locks = navigator?.locks
      if (Channel === undefined || locks === undefined) return undefined
      return new TabConnection(name, key, timing.lease, locks, events)
    },
  }
}

class TabConnection implements Connection {
  readonly #name: string
  readonly #events: ConnectionEvents
  readonly #lock: LeadLock
  #channel: BroadcastChannel | undefined
  #isStanding = false
  readonly #leave: readonly (() => void)[]

  constructor(
    name: string,
    { group, shape }: GroupKey,
    lease: number,
    locks: LockManager,
    events: ConnectionEvents,
  ) {
    this.#name = `auto-refresh ${JSON.stringify([name, group])}`
    this.#events = events
    this.#lock = new LeadLock(locks, `auto-refresh ${JSON.stringify([name, group, shape])}`, lease, events)
    this.#open()
    // Pages that hold a lock or a channel are not kept in the back/forward cache.
    this.#leave = [
      listen('window', 'pagehide', () => this.#goAway()),
      listen('document', 'freeze', () => this.#goAway()),
      listen('window', 'pageshow', () => this.#comeBack()),
      listen('document', 'resume', () => this.#comeBack()),
    ]
  }

  send(message: unknown): void {
    this.#channel?.postMessage(message)
  }

  stand(): void {
    this.#isStanding = true
    if (this.#channel !== undefined) this.#lock.stand()
  }

  resign(): void {
    this.#isStanding = false
    this.#lock.resign()
  }

  leaderSilent(silence: number): void {
    this.#lock.silent(silence)
  }

  close(): void {
    for (const leave of this.#leave) leave()
    this.resign()
    this.#shut()
  }

  #open(): void {
    const channel = new BroadcastChannel(this.#name)
    channel.onmessage = ({ data }: MessageEvent<unknown>) => this.#events.received(data)
    channel.onmessageerror = () => this.#events.unreadable()
    this.#channel = channel
  }

  #shut(): void {
    this.#channel?.close()
    this.#channel = undefined
  }

  #goAway(): void {
    if (this.#channel === undefined) return
    const isStanding = this.#isStanding
    this.#events.lost()
    this.resign()
    this.#isStanding = isStanding
    this.#shut()
  }

  #comeBack(): void {
    if (this.#channel !== undefined) return
    this.#open()
    if (this.#isStanding) this.#lock.stand()
    this.#events.reconnected()
  }
}

/** Listens if there is such a target: a worker has neither. */
function listen(target: 'window' | 'document', type: string, listener: () => void): () => void {
  const found: EventTarget | undefined = globalThis[target]
  found?.addEventListener(type, listener)
  return () => found?.removeEventListener(type, listener)
}
