/** A node of a heap. While it is in one, only the heap changes `index`; `due` changes only together with `update`. */
export interface HeapNode {
  due: number
  /** Position in the heap's array; -1 outside of every heap. */
  index: number
}

/** A binary heap by due time: O(1) to look at the earliest node, O(log n) for everything else. */
export class Heap<Node extends HeapNode> {
  /** Invariant: no node is due before its parent, and `nodes[node.index] === node`. */
  readonly #nodes: Node[] = []

  /** The node that is due first. */
  get first(): Node | undefined {
    return this.#nodes[0]
  }

  /** The due time of the first node; `Infinity` if the heap is empty. */
  get firstDue(): number {
    return this.#nodes[0]?.due ?? Infinity
  }

  /** A copy of all nodes, in no order. */
  nodes(): Node[] {
    return [...this.#nodes]
  }

  push(node: Node): void {
    this.#settle(node, this.#nodes.length)
  }

  /** Takes out a node of this heap. */
  remove(node: Node): void {
    const { index } = node
    const last = this.#nodes.pop()
    if (last !== undefined && last !== node) this.#settle(last, index)
    node.index = -1
  }

  /** Moves a node of this heap to its right place after its due time has changed. */
  update(node: Node): void {
    this.#settle(node, node.index)
  }

  /** Lets a node rise or sink from a position to where it belongs. */
  #settle(node: Node, from: number): void {
    const nodes = this.#nodes
    let index = from
    while (index > 0) {
      const above = (index - 1) >> 1
      const parent = nodes[above]
      if (parent === undefined || parent.due <= node.due) break
      this.#put(parent, index)
      index = above
    }
    for (;;) {
      let below = 2 * index + 1
      let child = nodes[below]
      const sibling = nodes[below + 1]
      if (child !== undefined && sibling !== undefined && sibling.due < child.due) {
        child = sibling
        below += 1
      }
      if (child === undefined || child.due >= node.due) break
      this.#put(child, index)
      index = below
    }
    this.#put(node, index)
  }

  #put(node: Node, index: number): void {
    this.#nodes[index] = node
    node.index = index
  }
}
