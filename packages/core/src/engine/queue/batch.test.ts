import { describe, expect, it } from 'vitest'
import { takeBatch } from './batch.ts'
import { DelayQueue } from './delay-queue.ts'
import type { GroupMember } from './due-group.ts'

interface Member extends GroupMember<Member> {
  readonly name: string
}

const member = (name: string): Member => ({ name, place: undefined, previous: undefined, next: undefined })

const namesOf = (members: readonly Member[]): string[] => members.map(({ name }) => name)

const NOW = 1000
const LIMITS = { now: NOW, dueBy: NOW, batchSize: 100, fills: true }

describe('takeBatch', () => {
  it.each([
    [31, ['due', 'early']],
    [32, ['due']],
  ])('S5: looks past %d groups that may not come early', (count, taken) => {
    const queue = new DelayQueue<Member>()
    queue.add(member('due'), NOW, 1000)
    for (let each = 0; each < count; each += 1)
      queue.add(member('later'), NOW + 1 + each, 1000, NOW + 1 + each)
    queue.add(member('early'), NOW + 100, 1000)
    expect(namesOf(takeBatch([queue], LIMITS))).toEqual(taken)
    expect(queue.countDue(Infinity)).toBe(count + 2 - taken.length)
  })

  it.each([
    [NOW, ['due', 'early']],
    [NOW + 1, ['due']],
  ])('F2: an item that may not start before %d', (notBefore, taken) => {
    const queue = new DelayQueue<Member>()
    queue.add(member('due'), NOW, 1000)
    queue.add(member('early'), NOW + 100, 1000, notBefore)
    expect(namesOf(takeBatch([queue], LIMITS))).toEqual(taken)
  })

  it('S4: takes from all queues, oldest due first', () => {
    const [one, other] = [new DelayQueue<Member>(), new DelayQueue<Member>()]
    one.add(member('b'), NOW - 1)
    one.add(member('d'), NOW)
    other.add(member('a'), NOW - 2)
    other.add(member('c'), NOW - 0.5)
    expect(namesOf(takeBatch([one, other], { ...LIMITS, batchSize: 3 }))).toEqual(['a', 'b', 'c'])
  })

  it('takes nothing where nothing is due', () => {
    const queue = new DelayQueue<Member>()
    queue.add(member('later'), NOW + 1, 1000)
    expect(takeBatch([queue], LIMITS)).toEqual([])
    expect(takeBatch([], LIMITS)).toEqual([])
  })
})
