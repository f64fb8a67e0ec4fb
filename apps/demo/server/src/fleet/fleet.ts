import type { RenderNode, VersionedNode } from '../api-nodes.ts'
import type { Now } from '../clock.ts'
import { changeNode, newNode } from './node-life.ts'

export interface FleetOptions {
  readonly size: number
  /** The share of the nodes that change in a second. */
  readonly changesPerSecond: number
  readonly now: Now
  /** At least 0 and below 1. */
  readonly random: () => number
}

/** Render nodes whose load changes all the time. There is no timer: the fleet catches up when it is asked. */
export class Fleet {
  readonly #changesPerMs: number
  readonly #now: Now
  readonly #random: () => number
  readonly #ids: readonly string[]
  readonly #nodes = new Map<string, VersionedNode>()
  #caughtUpAt: number

  constructor({ size, changesPerSecond, now, random }: FleetOptions) {
    this.#changesPerMs = (size * changesPerSecond) / 1000
    this.#now = now
    this.#random = random
    this.#caughtUpAt = now()
    const digits = String(size).length
    this.#ids = Array.from({ length: size }, (_, index) => `node-${String(index + 1).padStart(digits, '0')}`)
    for (const id of this.#ids) this.#nodes.set(id, { node: newNode(id, random), version: 1 })
  }

  list(): VersionedNode[] {
    this.#catchUp()
    return [...this.#nodes.values()]
  }

  /** Returns the nodes of these ids; undefined for an unknown id. */
  find(ids: readonly string[]): (VersionedNode | undefined)[] {
    this.#catchUp()
    return ids.map((id) => this.#nodes.get(id))
  }

  #catchUp(): void {
    const elapsed = Math.max(0, this.#now() - this.#caughtUpAt)
    const changes = Math.floor(elapsed * this.#changesPerMs)
    if (changes === 0) return
    // The fraction of a change is kept, so that the fleet changes at the same rate however often it is asked.
    this.#caughtUpAt += changes / this.#changesPerMs
    // After a long pause, one change per node is enough.
    for (let change = Math.min(changes, this.#ids.length); change > 0; change--) this.#changeOne()
  }

  #changeOne(): void {
    const id = this.#ids[Math.floor(this.#random() * this.#ids.length)] ?? ''
    const found = this.#nodes.get(id)
    if (found === undefined) return
    const node: RenderNode = changeNode(found.node, this.#random)
    this.#nodes.set(id, { node, version: found.version + 1 })
  }
}
