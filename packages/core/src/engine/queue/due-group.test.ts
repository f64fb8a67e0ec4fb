import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DelayQueue } from './delay-queue.ts'
import { DueGroup, RetryGroup, type GroupMember } from './due-group.ts'

interface Member extends GroupMember<Member> {
  readonly name: number
}

function member(name: number): Member {
  return { name, place: undefined, previous: undefined, next: undefined }
}

/** A group that begins with these members. */
function groupOf(members: readonly Member[]): DueGroup<Member> {
  const group = new DueGroup<Member>().begin(1, 0, -Infinity)
  for (const each of members) group.add(each)
  return group
}

describe('DueGroup', () => {
  it('is in no heap at first', () => {
    const group = new RetryGroup<Member>(1, 1, false)
    expect([group.index, group.size]).toEqual([-1, 0])
  })

  it('lets its members go in the order in which they came, whichever leave between', () => {
    const step = fc.oneof(
      fc.constant('add' as const),
      fc.record({ remove: fc.nat() }),
      fc.record({ take: fc.integer({ min: 0, max: 70 }) }),
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.array(step, { maxLength: 300 }), (count, steps) => {
        const model = Array.from({ length: count }, (_, name) => member(name))
        const group = groupOf(model)
        let name = count
        for (const each of steps) {
          if (each === 'add') {
            const added = member(name++)
            group.add(added)
            model.push(added)
          } else if ('remove' in each) {
            const [removed] = model.splice(each.remove % Math.max(1, model.length), 1)
            if (removed === undefined) continue
            group.remove(removed)
            expect(removed.place).toBeUndefined()
          } else {
            expect(group.take(each.take)).toEqual(model.splice(0, each.take))
          }
          expect(group.size).toBe(model.length)
          expect(group.first).toBe(model[0])
          expect(group.members()).toEqual(model)
          expect(model.every(({ place }) => place === group)).toBe(true)
        }
      }),
    )
  })
})

describe('DelayQueue', () => {
  it('drops a group with its last member', () => {
    const queue = new DelayQueue<Member>()
    const [first, second] = [member(1), member(2)]
    queue.add(first, 5)
    queue.add(second, 5)
    const { first: group } = queue
    expect([first.place, second.place]).toEqual([group, group])
    group?.remove(first)
    expect(queue.first).toBe(group)
    group?.remove(second)
    expect(queue.first).toBeUndefined()
    expect(queue.firstDue).toBe(Infinity)
  })

  it('puts two members into one group only if all that they share is equal', () => {
    const queue = new DelayQueue<Member>()
    queue.add(member(1), 5)
    queue.add(member(2), 6)
    queue.add(member(3), 6, 2)
    queue.add(member(4), 6, 2, 4)
    queue.add(member(5), 6, 2, 4)
    expect(queue.nodes()).toHaveLength(4)
    expect(queue.countDue(5)).toBe(1)
    expect(queue.countDue(6)).toBe(5)
  })

  it('puts waits of which none is more than twice the other into one group, which has the shortest', () => {
    const queue = new DelayQueue<Member>()
    queue.add(member(1), 5, 30)
    queue.add(member(2), 5, 20)
    queue.add(member(3), 5, 41)
    queue.add(member(4), 5, 9)
    expect(queue.nodes().map(({ span, size }) => [span, size])).toEqual([
      [20, 2],
      [41, 1],
      [9, 1],
    ])
  })

  it('leaves a member that is never due unscheduled', () => {
    const queue = new DelayQueue<Member>()
    const never = member(1)
    queue.add(never, Infinity)
    expect(never.place).toBeUndefined()
    expect(queue.nodes()).toEqual([])
  })

  it('reuses groups, of which nothing is left from before', () => {
    const kind = fc.record({
      due: fc.integer({ min: 0, max: 3 }),
      span: fc.constantFrom(0, 2, 3, 7),
      notBefore: fc.constantFrom(-Infinity, 2),
    })
    fc.assert(
      fc.property(fc.array(fc.oneof(kind, fc.nat()), { maxLength: 100 }), (steps) => {
        const queue = new DelayQueue<Member>()
        const present: [Member, typeof kind extends fc.Arbitrary<infer Kind> ? Kind : never][] = []
        for (const step of steps) {
          if (typeof step === 'number') {
            const [left] = present.splice(step % Math.max(1, present.length), 1)
            const group = queue.nodes().find((each) => each === left?.[0].place)
            if (left !== undefined) group?.remove(left[0])
          } else {
            const added = member(present.length)
            queue.add(added, step.due, step.span, step.notBefore)
            present.push([added, step])
          }
          expect(queue.countDue(Infinity)).toBe(present.length)
          for (const [{ place }, { span, ...shared }] of present) {
            expect(place).toMatchObject({ ...shared, isGathering: false, isFormed: false, source: undefined })
            const group = queue.nodes().find((each) => each === place)
            expect(group?.span).toBeLessThanOrEqual(span)
            expect(group?.span === 0).toBe(span === 0)
          }
        }
      }),
    )
  })

  it('begins a group that is empty anew, at most 1,000 of them', () => {
    const queue = new DelayQueue<Member>()
    for (let due = 0; due < 1001; due += 1) queue.add(member(due), due)
    const before = new Set(queue.nodes())
    for (const group of before) group.take(1)
    for (let due = 0; due < 1001; due += 1) queue.add(member(due), 2000 + due)
    expect(queue.nodes().filter((group) => before.has(group))).toHaveLength(1000)
  })

  it.each([
    [
      'whose batch window was open',
      (): DueGroup<Member> => Object.assign(groupOf([]), { isGathering: true }),
    ],
    ['of a retry group', (): DueGroup<Member> => new RetryGroup<Member>(1, 1, false).begin(1, 0, 0)],
    [
      'of asked members of a retry group',
      (): DueGroup<Member> => Object.assign(groupOf([]), { source: new RetryGroup<Member>(1, 1, false) }),
    ],
  ])('does not reuse one %s, because others refer to it', (_, groupOfOthers) => {
    const queue = new DelayQueue<Member>()
    const group = groupOfOthers()
    group.add(member(1))
    queue.push(group)
    group.take(1)
    const next = member(2)
    queue.add(next, 6)
    expect(next.place).not.toBe(group)
  })
})
