/** What a heap holds. While it is in one, only the heap changes `place`, and `due` only together with `update`. */
export interface HeapNode {
  due: number
  /** The index in the heap's array; -1 outside of every heap. */
  place: number
}

/** A binary heap by due time: the soonest at once, everything else in O(log n). */
export class DeadlineHeap<Node extends HeapNode> {
  /** Invariant: no node is due before its parent, and `nodes[node.place] === node`. */
  readonly #nodes: Node[] = []

  /** What is due first. */
  get first(): Node | undefined {
    return this.#nodes[0]
  }

  /** When something is due first; `Infinity` where nothing is there. */
  get firstDue(): number {
    return this.#nodes[0]?.due ?? Infinity
  }

  /** All nodes as of now, in no order. */
  nodes(): Node[] {
    return [...this.#nodes]
  }

  push(node: Node): void {
    this.#settle(node, this.#nodes.length)
  }

  /** Takes out a node of this heap. */
  remove(node: Node): void {
    const { place } = node
    const last = this.#nodes.pop()
    if (last !== undefined && last !== node) this.#settle(last, place)
    node.place = -1
  }

  /** Puts a node of this heap in its place again, after its due time was changed. */
  update(node: Node): void {
    this.#settle(node, node.place)
  }

  /** Lets a node rise from a place, or sink, to where it belongs. */
  #settle(node: Node, from: number): void {
    const nodes = this.#nodes
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = nodes[above]
      if (parent === undefined || parent.due <= node.due) break
      this.#put(parent, place)
      place = above
    }
    for (;;) {
      let below = 2 * place + 1
      let child = nodes[below]
      const sibling = nodes[below + 1]
      if (child !== undefined && sibling !== undefined && sibling.due < child.due) {
        child = sibling
        below += 1
      }
      if (child === undefined || child.due >= node.due) break
      this.#put(child, place)
      place = below
    }
    this.#put(node, place)
  }

  #put(node: Node, place: number): void {
    this.#nodes[place] = node
    node.place = place
  }
}
