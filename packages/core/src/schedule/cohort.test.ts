import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Cohort, type CohortMember, type CohortTerms } from './cohort.ts'
import { DeadlineHeap } from './deadline-heap.ts'

interface Member extends CohortMember<Member> {
  readonly name: number
}

const terms: CohortTerms = { due: 1, dueEpoch: 1, interval: 1, limit: Infinity, eager: true }

function member(name: number): Member {
  return { name, cohort: undefined, seat: 0 }
}

describe('a cohort', () => {
  it('lets its members go in the order in which they came, whoever left out of turn', () => {
    const step = fc.oneof(
      fc.constant('add' as const),
      fc.record({ remove: fc.nat() }),
      fc.record({ take: fc.integer({ min: 0, max: 70 }) }),
    )
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.array(step, { maxLength: 300 }), (count, steps) => {
        const cohort = new Cohort<Member>(terms)
        const model: Member[] = Array.from({ length: count }, (_, name) => member(name))
        for (const each of model) cohort.add(each)
        let name = count
        for (const each of steps) {
          if (each === 'add') {
            const added = member(name++)
            cohort.add(added)
            model.push(added)
          } else if ('remove' in each) {
            const [removed] = model.splice(each.remove % Math.max(1, model.length), 1)
            if (removed === undefined) continue
            cohort.remove(removed)
            expect(removed.cohort).toBeUndefined()
          } else {
            expect(cohort.take(each.take)).toEqual(model.splice(0, each.take))
          }
          expect(cohort.size).toBe(model.length)
          expect([...cohort.members()]).toEqual(model)
        }
      }),
    )
  })

  it('leaves its heap with its last member', () => {
    const heap = new DeadlineHeap<Cohort<Member>>()
    const cohort = new Cohort<Member>(terms)
    const [first, second] = [member(1), member(2)]
    cohort.add(first)
    cohort.add(second)
    cohort.heap = heap
    heap.push(cohort)
    cohort.remove(first)
    expect(heap.first).toBe(cohort)
    cohort.remove(second)
    expect(heap.first).toBeUndefined()
    expect(cohort.heap).toBeUndefined()
  })
})
