import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Heap, type HeapNode } from './heap.ts'

type Step =
  | { readonly push: number }
  | { readonly remove: number }
  | { readonly move: number; readonly to: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ push: fc.integer({ min: 0, max: 50 }) }),
  fc.record({ remove: fc.nat() }),
  fc.record({ move: fc.nat(), to: fc.integer({ min: 0, max: 50 }) }),
)

function node(due: number): HeapNode {
  return { due, index: -1 }
}

describe('Heap', () => {
  it('returns the node that is due first, whatever was pushed, removed and moved before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const heap = new Heap<HeapNode>()
        const model: HeapNode[] = []
        for (const each of steps) {
          if ('push' in each) {
            const pushed = node(each.push)
            heap.push(pushed)
            model.push(pushed)
          } else {
            const index = ('remove' in each ? each.remove : each.move) % Math.max(1, model.length)
            const chosen = model[index]
            if (chosen === undefined) continue
            if ('remove' in each) {
              heap.remove(chosen)
              model.splice(index, 1)
              expect(chosen.index).toBe(-1)
            } else {
              chosen.due = each.to
              heap.update(chosen)
            }
          }
          expect(new Set(heap.nodes())).toEqual(new Set(model))
          expect(heap.firstDue).toBe(Math.min(Infinity, ...model.map(({ due }) => due)))
        }
        const drained: number[] = []
        for (let first = heap.first; first !== undefined; first = heap.first) {
          drained.push(first.due)
          heap.remove(first)
        }
        expect(drained).toEqual(model.map(({ due }) => due).sort((a, b) => a - b))
      }),
    )
  })
})
