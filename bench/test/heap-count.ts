import { Heap, type HeapNode } from '../../packages/core/src/engine/queue/heap.ts'

type Operation = (this: Heap<HeapNode>, node: HeapNode) => void

/** Counts what is put into, moved in and taken out of all heaps of the core, until the function that it returns is called. */
export function countHeapOperations(): () => number {
  // A prototype has no type arguments.
  // oxlint-disable-next-line typescript/no-unsafe-argument
  const originals = pick(Heap.prototype)
  let count = 0
  const counting = Object.entries(originals).map(([name, operation]): [string, Operation] => [
    name,
    function counted(node) {
      count += 1
      operation.call(this, node)
    },
  ])
  Object.assign(Heap.prototype, Object.fromEntries(counting))
  return () => {
    Object.assign(Heap.prototype, originals)
    return count
  }
}

type Operations = Readonly<Record<'push' | 'update' | 'remove', Operation>>

function pick({ push, update, remove }: Operations): Operations {
  return { push, update, remove }
}
