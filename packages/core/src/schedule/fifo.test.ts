import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DelayList } from './delay-list.ts'
import { Fifo } from './fifo.ts'

describe('first in, first out', () => {
  it('keeps the order whatever is deleted from the middle, and moves what is added again to the end', () => {
    const step = fc.record({ name: fc.integer({ min: 0, max: 9 }), isDeletion: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const fifo = new Fifo<number>()
        let model: number[] = []
        for (const { name, isDeletion } of steps) {
          const wasIn = model.includes(name)
          model = model.filter((each) => each !== name)
          if (isDeletion) expect(fifo.delete(name)).toBe(wasIn)
          else {
            fifo.add(name)
            model.push(name)
          }
          expect(fifo.first).toBe(model[0])
          expect(fifo.find((each) => each > 4)).toBe(model.find((each) => each > 4))
        }
      }),
    )
  })

  it('a delay list gives each member back when its time is up, and not before', () => {
    const list = new DelayList<string>(10)
    list.add('a', 0)
    list.add('b', 5)
    list.add('c', 5)
    list.delete('b')
    expect(list.firstDue).toBe(10)
    expect(list.takeDue(9)).toBeUndefined()
    expect(list.takeDue(15)).toBe('a')
    expect(list.takeDue(15)).toBe('c')
    expect(list.takeDue(15)).toBeUndefined()
    expect(list.firstDue).toBe(Infinity)
  })

  it('what was left out comes back where its time wants it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 50 })), fc.nat(), (times, count) => {
        const sorted = times.sort((a, b) => a - b)
        const list = new DelayList<number>(10)
        for (const time of sorted) list.add(time, time)
        const dropped = sorted.slice(0, count % (sorted.length + 1))
        list.dropWhile((time) => dropped.includes(time))
        for (const time of [...dropped].reverse()) list.restore(time, time)
        for (const time of sorted) list.restore(time, time)
        for (const time of sorted) {
          expect(list.firstDue).toBe(time + 10)
          expect(list.takeDue(time + 10)).toBe(time)
        }
        expect(list.takeDue(Number.MAX_VALUE)).toBeUndefined()
      }),
    )
  })

  it('a delay without end keeps nothing', () => {
    const list = new DelayList<string>(Infinity)
    list.add('a', 0)
    expect(list.firstDue).toBe(Infinity)
    expect(list.takeDue(Number.MAX_VALUE)).toBeUndefined()
  })
})
