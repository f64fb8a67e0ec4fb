import type { Clock } from '@auto-refresh/core'
import type { Connection, ConnectionEvents, GroupKey, Timing, Transport } from '../group/transport.ts'
import type { Message } from '../protocol/message.ts'

/** How a bus carries messages. */
export interface BusOptions {
  /** ms that a message takes; drawn for each. Messages may overtake one another if they differ. Default 0. */
  readonly latency?: number | (() => number) | undefined
  /** True if a message is lost. Default never. */
  readonly loses?: ((message: Message, to: string) => boolean) | undefined
  readonly timing?: Partial<Timing> | undefined
  /** Copies a message, for each receiver anew. Default `structuredClone`, as `BroadcastChannel` does; it throws. */
  readonly copy?: ((message: Message) => Message) | undefined
}

/** A member on the bus. */
interface Node {
  readonly name: string
  readonly key: GroupKey
  readonly events: ConnectionEvents
  isStanding: boolean
  isFrozen: boolean
  /** Messages and events of the time when it was frozen. */
  readonly waiting: (() => void)[]
}

const TIMING: Timing = { beat: 2000, lease: 6000, grace: 300 }

/**
 * Groups within one process, for tests: messages take their time on the given clock, and may be lost. The lead is a lock
 * that its holder keeps until it resigns, is closed, or is robbed.
 *
 * ```ts
 * const bus = new Bus(clock, { latency: 5 })
 * const jobs = new SharedAutoRefresh({ sync, interval: 1000, clock, group: 'me', transport: bus.transport('a') })
 * ```
 */
export class Bus {
  readonly #clock: Clock
  readonly #options: BusOptions
  readonly #nodes = new Map<string, Node>()
  /** Holders of the lead, by group. */
  readonly #leads = new Map<string, Node>()
  /** Members that want the lead, in the order of asking. */
  readonly #queue: Node[] = []
  /** True if two members cannot hear each other now. Default never. */
  isCut: (from: string, to: string) => boolean = () => false
  /** Number of messages that were handed over. */
  delivered = 0

  constructor(clock: Clock, options: BusOptions = {}) {
    this.#clock = clock
    this.#options = options
  }

  /** A member's way to the bus. @param name of the member, one for each */
  transport(name: string): Transport {
    return {
      timing: { ...TIMING, ...this.#options.timing },
      connect: (key, events) => this.#connect(name, key, events),
    }
  }

  /** Names of the members that are connected. */
  get members(): readonly string[] {
    return [...this.#nodes.keys()]
  }

  /** The member that holds the lead of a group. */
  leaderOf(group: string, shape: string = ''): string | undefined {
    return this.#leads.get(keyOf({ group, shape }))?.name
  }

  /** Freezes a member: what it is told waits until `thaw`. Its clock has to be stopped besides. */
  freeze(name: string): void {
    const node = this.#nodes.get(name)
    if (node !== undefined) node.isFrozen = true
  }

  thaw(name: string): void {
    const node = this.#nodes.get(name)
    if (node === undefined) return
    node.isFrozen = false
    for (const happening of node.waiting.splice(0)) happening()
  }

  /** Takes the lead from its holder, as a steal of a lock does. */
  rob(group: string, shape: string = ''): void {
    const holder = this.#leads.get(keyOf({ group, shape }))
    if (holder === undefined) return
    this.#free(holder)
    this.#tell(holder, () => holder.events.lost())
  }

  /** A member is gone at once, without a word. */
  kill(name: string): void {
    const node = this.#nodes.get(name)
    if (node !== undefined) this.#close(node)
  }

  /** Hands any data to a member, as a hostile page could. */
  inject(name: string, data: unknown): void {
    const node = this.#nodes.get(name)
    if (node !== undefined) this.#tell(node, () => node.events.received(data))
  }

  #connect(name: string, key: GroupKey, events: ConnectionEvents): Connection {
    const node: Node = { name, key, events, isStanding: false, isFrozen: false, waiting: [] }
    this.#nodes.set(name, node)
    return {
      name,
      send: (message) => this.#send(node, message),
      stand: () => this.#stand(node),
      resign: () => this.#resign(node),
      close: () => this.#close(node),
    }
  }

  #send(from: Node, message: Message): void {
    const { latency = 0, loses, copy = (each) => structuredClone(each) } = this.#options
    // Throws if it cannot be copied, whoever is there.
    const sent = copy(message)
    if (this.#nodes.get(from.name) !== from) return
    for (const node of this.#nodes.values()) {
      if (node === from || node.key.group !== from.key.group) continue
      if (message.to !== undefined && message.to !== node.name) continue
      if (this.isCut(from.name, node.name) || loses?.(message, node.name) === true) continue
      const delay = typeof latency === 'function' ? latency() : latency
      this.#clock.setTimeout(() => {
        if (this.#nodes.get(node.name) !== node) return
        this.delivered += 1
        this.#tell(node, () => node.events.received(copy(sent)))
      }, delay)
    }
  }

  #stand(node: Node): void {
    if (node.isStanding) return
    node.isStanding = true
    this.#queue.push(node)
    this.#grant(keyOf(node.key))
  }

  #resign(node: Node): void {
    node.isStanding = false
    const place = this.#queue.indexOf(node)
    if (place >= 0) this.#queue.splice(place, 1)
    if (this.#leads.get(keyOf(node.key)) === node) this.#free(node)
  }

  #free(node: Node): void {
    const key = keyOf(node.key)
    this.#leads.delete(key)
    node.isStanding = false
    this.#grant(key)
  }

  /** The next one in the queue leads. A frozen one holds the lead, too, but does not know it yet. */
  #grant(key: string): void {
    if (this.#leads.has(key)) return
    const place = this.#queue.findIndex((node) => keyOf(node.key) === key)
    const [node] = place < 0 ? [] : this.#queue.splice(place, 1)
    if (node === undefined) return
    this.#leads.set(key, node)
    this.#clock.setTimeout(() => {
      if (this.#leads.get(key) === node) this.#tell(node, () => node.events.granted())
    }, 0)
  }

  #tell(node: Node, happening: () => void): void {
    if (node.isFrozen) node.waiting.push(happening)
    else if (this.#nodes.get(node.name) === node) happening()
  }

  #close(node: Node): void {
    if (this.#nodes.get(node.name) === node) this.#nodes.delete(node.name)
    this.#resign(node)
  }
}

function keyOf({ group, shape }: GroupKey): string {
  return JSON.stringify([group, shape])
}
