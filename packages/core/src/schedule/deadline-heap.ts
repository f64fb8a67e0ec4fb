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

  get size(): number {
    return this.#nodes.length
  }

  push(node: Node): void {
    this.#nodes.push(node)
    this.#rise(node, this.#nodes.length - 1)
  }

  /** Takes out a node of this heap. */
  remove(node: Node): void {
    const place = node.place
    node.place = -1
    const last = this.#nodes.pop()
    if (last === undefined || last === node) return
    this.#rise(last, place)
    this.#sink(last, last.place)
  }

  /** Puts a node of this heap in its place again, after its due time was changed. */
  update(node: Node): void {
    this.#rise(node, node.place)
    this.#sink(node, node.place)
  }

  /** Visits all that is due by then, in no order, and nothing else but their children. */
  visitDue(by: number, visit: (node: Node) => void, from = 0): void {
    const node = this.#nodes[from]
    if (node === undefined || node.due > by) return
    visit(node)
    this.visitDue(by, visit, 2 * from + 1)
    this.visitDue(by, visit, 2 * from + 2)
  }

  #rise(node: Node, from: number): void {
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = this.#nodes[above]
      if (parent === undefined || parent.due <= node.due) break
      this.#put(parent, place)
      place = above
    }
    this.#put(node, place)
  }

  #sink(node: Node, from: number): void {
    let place = from
    for (;;) {
      let below = 2 * place + 1
      let child = this.#nodes[below]
      const sibling = this.#nodes[below + 1]
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
