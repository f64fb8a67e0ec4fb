import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Agenda } from './agenda.ts'
import { Cohort, type CohortMember } from './cohort.ts'

interface Member extends CohortMember<Member> {
  readonly name: number
}

function member(name: number): Member {
  return { name, cohort: undefined, previous: undefined, next: undefined, interval: 1, failures: undefined }
}

describe('a cohort', () => {
  it('suits who is due when it is, by both clocks', () => {
    const cohort = new Cohort<Member>().begin(member(0), 5, 105)
    expect(cohort.suits(member(1), 5, 105)).toBe(true)
    expect(cohort.suits(member(1), 6, 105)).toBe(false)
    expect(cohort.suits(member(1), 5, 106)).toBe(false)
  })

  it('lets its members go in the order in which they came, whoever left out of turn', () => {
    const step = fc.oneof(
      fc.constant('add' as const),
      fc.record({ remove: fc.nat() }),
      fc.record({ take: fc.integer({ min: 0, max: 70 }) }),
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.array(step, { maxLength: 300 }), (count, steps) => {
        const first = member(0)
        const cohort = new Cohort<Member>().begin(first, 1, 1)
        const model: Member[] = [first, ...Array.from({ length: count - 1 }, (_, name) => member(name + 1))]
        for (const each of model.slice(1)) cohort.add(each)
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
          expect(cohort.members()).toEqual(model)
        }
      }),
    )
  })

  it('leaves its agenda with its last member', () => {
    const agenda = new Agenda<Member>()
    const [first, second] = [member(1), member(2)]
    const moment = { now: 0, epoch: 0 }
    agenda.plan(first, 5, moment)
    agenda.plan(second, 5, moment)
    const { cohort } = first
    expect(second.cohort).toBe(cohort)
    cohort?.remove(first)
    expect(agenda.first).toBe(cohort)
    cohort?.remove(second)
    expect(agenda.first).toBeUndefined()
    expect(agenda.firstDue).toBe(Infinity)
  })

  it('only those join that are due together, at one interval, and after as many failures', () => {
    const agenda = new Agenda<Member>()
    const moment = { now: 0, epoch: 0 }
    agenda.plan(member(1), 5, moment)
    agenda.plan(member(2), 6, moment)
    agenda.plan({ ...member(3), interval: 2 }, 6, moment)
    agenda.plan({ ...member(4), interval: 2, failures: { batchLimit: Infinity } }, 6, moment)
    agenda.plan({ ...member(5), interval: 2, failures: { batchLimit: 4 } }, 6, moment)
    expect(agenda.nodes()).toHaveLength(5)
    expect(agenda.countDue(5)).toBe(1)
    expect(agenda.countDue(6)).toBe(5)
    agenda.plan(member(6), Infinity, moment)
    expect(agenda.countDue(Infinity)).toBe(5)
  })

  it('is what its members are, whatever it was when it was another', () => {
    const kind = fc.record({
      due: fc.integer({ min: 0, max: 3 }),
      interval: fc.integer({ min: 1, max: 2 }),
      batchLimit: fc.constantFrom(undefined, 4, Infinity),
    })
    fc.assert(
      fc.property(fc.array(fc.oneof(kind, fc.nat()), { maxLength: 100 }), (steps) => {
        const agenda = new Agenda<Member>()
        const planned: { readonly member: Member; readonly due: number }[] = []
        for (const step of steps) {
          if (typeof step === 'number') {
            const [left] = planned.splice(step % Math.max(1, planned.length), 1)
            left?.member.cohort?.remove(left.member)
          } else {
            const { due, interval, batchLimit } = step
            const failures = batchLimit === undefined ? undefined : { batchLimit }
            const added = { ...member(planned.length), interval, failures }
            agenda.plan(added, due, { now: 1, epoch: 101 })
            planned.push({ member: added, due })
          }
          expect(agenda.countDue(Infinity)).toBe(planned.length)
          for (const { member: each, due } of planned) {
            const { interval, failures } = each
            const [isEager, limit] = [failures === undefined, failures?.batchLimit ?? Infinity]
            expect(each.cohort).toMatchObject({ due, dueEpoch: due + 100, interval, isEager, limit })
          }
        }
      }),
    )
  })

  it('that waits for company is no other when it has ended', () => {
    const agenda = new Agenda<Member>()
    const gathering = new Cohort<Member>().begin(member(1), 5, 5)
    gathering.isGathering = true
    agenda.push(gathering)
    gathering.take(1)
    const next = member(2)
    agenda.plan(next, 6, { now: 0, epoch: 0 })
    expect(next.cohort).not.toBe(gathering)
  })
})
