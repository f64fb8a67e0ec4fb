import { customBatches } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { busy, faultyWorld } from './faulty-source.ts'
import { createAll, manyIds } from './scheduling.ts'
import { unchanged, world, type Job } from './world.ts'

describe('a source of several tenants, of which one is refused', () => {
  const tenants = customBatches<Job>((due) =>
    ['a', 'b', 'c'].map((tenant) => due.filter(({ id }) => id.startsWith(tenant))),
  )
  const idsOf = (tenant: string, count: number): string[] => manyIds(count).map((id) => `${tenant}${id}`)

  /** The tenants `a`, `b` and `c`, refreshed every 5 s, whose calls throw what is in `errors`. */
  function refusing(count: number) {
    const errors = new Map<string, Error>()
    const w = world({
      interval: 5000,
      policies: [tenants],
      answer: (batch) => {
        for (const { id } of batch) {
          const error = errors.get(id) ?? errors.get(id.slice(0, 1))
          if (error !== undefined) throw error
        }
        return unchanged(batch)
      },
    })
    createAll(
      w.cache.start(),
      ['a', 'b', 'c'].flatMap((tenant) => idsOf(tenant, count)),
    )
    return { ...w, errors }
  }

  it('F15: a retryAfter of a retry call delays all that was refused in one call with its items', async () => {
    const w = refusing(40)
    await w.clock.advance(1)
    w.errors.set('a', busy(60_000))
    await w.clock.advance(1_800_000)
    const minutes = new Map<number, number>()
    for (const { at, ids } of w.calls) {
      if (!ids.some((id) => id.startsWith('a'))) continue
      const minute = Math.floor((at - 5000) / 60_000)
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1)
    }
    // The halves of one refused call may go at once; all others wait.
    expect(Math.max(...minutes.values())).toBeLessThanOrEqual(3)
    w.errors.clear()
    await w.clock.advance(75_000)
    expect(idsOf('a', 40).every((id) => w.cache.getSnapshot(id).error === undefined)).toBe(true)
  })

  it('F15: nothing of another tenant', async () => {
    const w = refusing(2)
    await w.clock.advance(1)
    w.errors.set('a', busy(60_000))
    await w.clock.advance(59_999)
    w.errors.set('b', new Error('500'))
    // Both fail at 65,000; `b` is well again then.
    await w.clock.advance(5000)
    w.errors.delete('b')
    await w.clock.advance(1250)
    expect(w.cache.getSnapshot('bi0').error).toBeUndefined()
    expect(w.cache.getSnapshot('ai0').failureCount).toBe(2)
  })

  it('F15: nothing that failed in one call with its items, and was not refused itself', async () => {
    const w = refusing(5)
    await w.clock.advance(1)
    w.errors.set('a', new Error('503'))
    await w.clock.advance(20_000)
    w.errors.clear()
    for (const id of idsOf('a', 4)) w.errors.set(id, busy(60_000))
    await w.clock.advance(20_000)
    expect(w.cache.getSnapshot('ai4').error).toBeUndefined()
  })

  it('F15, T8: a return does not end that delay', async () => {
    const w = refusing(8)
    await w.clock.advance(1)
    w.errors.set('a', busy(60_000))
    // The batch is refused at 5000 and 65,000, and one of its halves or both at 125,000.
    await w.clock.advance(130_000)
    const before = w.calls.length
    w.environment.setVisible(false)
    w.environment.setVisible(true)
    await w.clock.advance(50_000)
    const late = w.calls.slice(before).filter(({ ids }) => ids.some((id) => id.startsWith('a')))
    expect(late).toEqual([])
  })

  it('F15: not after one of them has succeeded: the others are refused for themselves', async () => {
    const w = faultyWorld({ interval: 5000 })
    const refused = ['i3', 'i7', 'i11']
    createAll(w.cache.start(), manyIds(16))
    await w.clock.advance(1)
    w.source.error = busy(10_000)
    refused.forEach((id) => w.source.poison.add(id))
    // Halves of halves are retried every 10 s; items of which one half succeeded wait for no other.
    await w.clock.advance(5000 + 6 * 10_000 * 1.25)
    const healthy = manyIds(16).filter((id) => !refused.includes(id))
    expect(healthy.filter((id) => w.cache.getSnapshot(id).error !== undefined)).toEqual([])
  })
})
