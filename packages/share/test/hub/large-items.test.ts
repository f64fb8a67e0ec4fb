import { describe, expect, it } from 'vitest'
import { type Job, running } from '../group.ts'
import { site, type Site } from './site.ts'

/** Longest item that a hub sends, characters as JSON. */
const LIMIT = 900_000

/** An item that has as many characters as JSON as its step says, or a few. */
const long = (item: Job): unknown => {
  const { length } = JSON.stringify({ ...item, log: '' })
  return { ...item, log: 'x'.repeat(Math.max(0, item.step - length)) }
}

const write = ({ source }: Site, length: number): void => {
  source.set('log', running(length))
}

describe('K12: items that are too long for a message of a hub', () => {
  it('fail at the clients with an error that names id, length and limit, and keep their last value', async () => {
    const world = site({ options: { serialize: long } })
    const { cache } = world.join()
    for (const id of ['log', 'other']) cache.getOrCreate(id)
    await world.clock.advance(1500)
    write(world, 1_100_000)
    world.source.set('other', running(2))
    await world.clock.advance(3000)
    expect(cache.getSnapshot('log')).toMatchObject({ item: { step: 0 }, failureCount: 1 })
    expect(cache.getSnapshot('log').error).toMatchObject({
      code: 'UNSENDABLE',
      message: 'an item has 1100000 characters as JSON, and a hub sends at most 900000: "log"',
    })
    expect(cache.getSnapshot('other')).toMatchObject({ item: { step: 2 }, failureCount: 0 })
    expect(cache.stats().dropped.malformed).toBe(0)
    write(world, 1000)
    await world.clock.advance(2000)
    expect(cache.getSnapshot('log')).toMatchObject({ error: undefined, failureCount: 0 })
    expect(cache.get('log')?.step).toBe(1000)
  })

  it('P5: a new one does not stay pending without a word', async () => {
    const world = site({ options: { serialize: long } })
    write(world, LIMIT + 1)
    const { cache } = world.join()
    cache.getOrCreate('log')
    await world.clock.advance(1500)
    expect(cache.getSnapshot('log')).toMatchObject({ status: 'pending', error: { code: 'UNSENDABLE' } })
  })

  it('S8: a refresh of one rejects', async () => {
    const world = site({ options: { serialize: long }, interval: 60_000 })
    const { cache } = world.join()
    cache.getOrCreate('log')
    await world.clock.advance(1500)
    write(world, LIMIT + 1)
    const outcome = cache.refresh('log').then(
      () => 'resolved',
      ({ code }: { readonly code: string }) => code,
    )
    await world.clock.advance(1500)
    expect(await outcome).toBe('UNSENDABLE')
  })

  it('H4: also by status', async () => {
    const world = site({ options: { serialize: long } })
    write(world, LIMIT + 1)
    const { cache, network } = world.join()
    network.intercept = (action) => (action === 'stream' ? new Response(null, { status: 503 }) : undefined)
    for (const id of ['log', 'other']) cache.getOrCreate(id)
    await world.clock.advance(30_000)
    expect(cache.stats().role).toBe('alone')
    expect(cache.getSnapshot('log').error).toMatchObject({ code: 'UNSENDABLE' })
    expect(cache.get('other')).toEqual(expect.objectContaining(running()))
  })

  it('one at the limit arrives, whatever else is told with it', async () => {
    const world = site({ options: { serialize: long } })
    write(world, LIMIT)
    const { cache } = world.join()
    const others = Array.from({ length: 100 }, (_, i) => `id${i}`)
    for (const id of others) world.source.set(id, running(10_000))
    for (const id of [...others.slice(0, 50), 'log', ...others.slice(50)]) cache.getOrCreate(id)
    await world.clock.advance(1500)
    expect(cache.get('log')?.step).toBe(LIMIT)
    expect(others.filter((id) => cache.get(id) === undefined)).toEqual([])
    expect(cache.stats().dropped.malformed).toBe(0)
  })
})
