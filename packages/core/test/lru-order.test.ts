import { lru, expiry, until, type AutoRefresh, type AutoRefreshOptions } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { isTerminal, done, running, stepped, world, type Job, type World } from './world.ts'

const nothing = (): void => {}

const evicted = ({ events }: World<Job>): string[] =>
  events.flatMap((event) => (event.type === 'evicted' ? [event.id] : []))

/**
 * Full with `old`, `mid` and `new`, used in this order. An eviction has gone before, so that also a second-chance
 * algorithm has taken the first chance from `old` and `mid`.
 */
function full(options: Partial<AutoRefreshOptions<Job>> = {}): World<Job> {
  const all = world({ policies: [lru(3)], isTerminal, ...options })
  for (const id of ['oldest', 'old', 'mid', 'new']) all.cache.getOrCreate(id, running())
  return all
}

const uses: Record<string, (cache: AutoRefresh<Job>) => unknown> = {
  get: (cache) => cache.get('old'),
  getOrThrow: (cache) => cache.getOrThrow('old'),
  getOrCreate: (cache) => cache.getOrCreate('old', running()),
  'subscribe, though it left again,': (cache) => cache.subscribe('old', nothing)(),
}

const noUses: Record<string, (cache: AutoRefresh<Job>) => unknown> = {
  update: (cache) => cache.update('old', running(1)),
  ingest: (cache) => cache.ingest([{ id: 'old', item: running(1) }]),
  has: (cache) => cache.has('old'),
  ids: (cache) => [...cache.ids()],
  inProcessing: (cache) => cache.inProcessing('old'),
  getSnapshot: (cache) => cache.getSnapshot('old'),
  deleteDelayed: (cache) => cache.deleteDelayed('old'),
  stats: (cache) => cache.stats(),
}

describe('use', () => {
  it.each(Object.entries(uses))('C1, W9, D12: %s is a use', (_, use) => {
    const all = full()
    use(all.cache)
    all.cache.getOrCreate('next', running())
    expect(all.cache.has('old')).toBe(true)
    expect(evicted(all)).toEqual(['oldest', 'mid'])
  })

  it.each(Object.entries(noUses))('C1, W9: %s is no use', (_, noUse) => {
    const all = full()
    noUse(all.cache)
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'old'])
  })

  it('C1, W9, D12: a sync in the background is no use', async () => {
    const syncs: string[] = []
    const all = full({
      interval: (_, id) => (id === 'old' ? 1000 : Infinity),
      sync: (batch) => {
        syncs.push(...batch.map((entry) => entry.id))
        return stepped(batch)
      },
    })
    all.cache.start()
    await all.clock.advance(5500)
    expect(syncs.filter((id) => id === 'old')).toHaveLength(6)
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'old'])
  })

  it('C1, W9: a refresh that was asked for is no use', async () => {
    const all = full({ interval: Infinity })
    all.cache.start()
    await all.clock.advance(0)
    await Promise.all([all.cache.refresh('old'), all.clock.advance(0)])
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'old'])
  })

  it('C1, D12: an item that is read between any two creations stays', () => {
    const { cache } = world({ policies: [lru(3)] })
    cache.getOrCreate('hot', running())
    for (let index = 0; index < 100; index++) {
      cache.getOrCreate(`i${index}`, running())
      cache.get('hot')
    }
    expect(cache.has('hot')).toBe(true)
  })
})

describe('the order of evictions', () => {
  it('C1, D13: a terminal item goes before one that is not, though it was used last', () => {
    const all = full()
    all.cache.update('new', done())
    all.cache.get('new')
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'new'])
  })

  it('C1, D13: an item that was terminal when it was created goes first, too', () => {
    const all = world({ policies: [lru(3)], isTerminal })
    all.cache.getOrCreate('a', running())
    all.cache.getOrCreate('b', running())
    all.cache.getOrCreate('c', done())
    all.cache.getOrCreate('d', running())
    expect(evicted(all)).toEqual(['c'])
  })

  it('C1: an item that a sync made terminal goes first, too', async () => {
    const all = full({
      sync: (batch) => batch.map(({ id }) => ({ id, item: id === 'mid' ? done() : running() })),
    })
    all.cache.start()
    await all.clock.advance(0)
    all.cache.get('mid')
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'mid'])
  })

  it('C1: an expired item goes before one that is not', async () => {
    const all = world({ policies: [lru(2), expiry({ maxAge: 500 })] })
    all.cache.start().getOrCreate('expires', running())
    await all.clock.advance(499)
    all.cache.getOrCreate('young', running())
    await all.clock.advance(1)
    all.cache.get('expires')
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['expires'])
  })

  it('C1: every terminal item goes before the first that is not', () => {
    const all = world({ policies: [lru(6)], isTerminal })
    for (const id of ['a', 'b', 'c']) all.cache.getOrCreate(id, running())
    for (const id of ['x', 'y', 'z']) all.cache.getOrCreate(id, done())
    for (let index = 0; index < 3; index++) all.cache.getOrCreate(`i${index}`, running())
    expect(evicted(all).sort()).toEqual(['x', 'y', 'z'])
    all.cache.getOrCreate('i3', running())
    expect(evicted(all)).toHaveLength(4)
    expect(evicted(all)[3]).toMatch(/^[abc]$/)
  })

  it('C1: an item that came back from terminal is as good as the others', () => {
    const all = full()
    all.cache.update('new', done())
    all.cache.update('new', running())
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'old'])
  })

  it('C1: a terminal item that is observed does not go before one that is unobserved', () => {
    const all = full()
    all.cache.update('new', done())
    all.cache.subscribe('new', nothing)
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'old'])
  })

  it('C1: a terminal item that nobody observes any more goes first again', () => {
    const all = full()
    all.cache.update('new', done())
    const leave = all.cache.subscribe('new', nothing)
    leave()
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['oldest', 'new'])
  })

  it('C1: an item of a subscription goes before those of the application, though it was used last', () => {
    const all = world({ policies: [lru(3)] })
    for (const id of ['a', 'b']) all.cache.getOrCreate(id, running())
    all.cache.start().subscribe('s', nothing, { initialItem: running() })()
    all.cache.get('s')
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['s'])
  })

  it('C1: an item of a subscription goes after a terminal one', () => {
    const all = world({ policies: [lru(2)], isTerminal })
    all.cache.start().subscribe('s', nothing, { initialItem: running() })()
    all.cache.getOrCreate('a', done())
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['a'])
  })

  it('C1, P7: an item that became the application’s is as good as the others', () => {
    const all = world({ policies: [lru(2)] })
    all.cache.getOrCreate('a', running())
    all.cache.start().subscribe('s', nothing, { initialItem: running() })()
    all.cache.getOrCreate('s')
    all.cache.getOrCreate('next', running())
    expect(evicted(all)).toEqual(['a'])
  })
})

describe('items that are never evicted', () => {
  it('C1, D12: an item that is observed', () => {
    const all = full()
    all.cache.subscribe('old', nothing)
    for (let index = 0; index < 20; index++) all.cache.getOrCreate(`i${index}`, running())
    expect(all.cache.has('old')).toBe(true)
    expect(evicted(all)).not.toContain('old')
    expect(all.cache.size).toBe(3)
  })

  it('C1: an item that is observed by `until`', async () => {
    const all = full()
    const result = until(all.cache, 'old')
    for (let index = 0; index < 20; index++) all.cache.getOrCreate(`i${index}`, running())
    all.cache.update('old', done())
    await expect(result).resolves.toEqual(done())
  })

  it('C1: an item whose subscriber was there before it', () => {
    const all = world({ policies: [lru(2)] })
    all.cache.subscribe('a', nothing)
    for (const id of ['a', 'b', 'c', 'd', 'e']) all.cache.getOrCreate(id, running())
    expect([...all.cache.ids()].sort()).toEqual(['a', 'e'])
  })

  it('C1: an item that was deleted, and created again while it is observed', () => {
    const all = world({ policies: [lru(2)] })
    all.cache.getOrCreate('a', running())
    all.cache.subscribe('a', nothing)
    all.cache.delete('a')
    for (const id of ['a', 'b', 'c', 'd']) all.cache.getOrCreate(id, running())
    expect([...all.cache.ids()].sort()).toEqual(['a', 'd'])
  })

  it('C1: an item in a running sync call', async () => {
    const all = world({
      policies: [lru(2)],
      batchSize: 1,
      answer: (batch) => (batch[0]?.id === 'a' ? 'wait' : []),
    })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(0)
    for (const id of ['b', 'c', 'd']) {
      all.cache.getOrCreate(id, running())
      await all.clock.advance(0)
    }
    expect([...all.cache.ids()].sort()).toEqual(['a', 'd'])
    all.calls[0]?.answer([])
    await all.clock.advance(0)
    all.cache.getOrCreate('e', running())
    await all.clock.advance(0)
    all.cache.getOrCreate('f', running())
    expect(all.cache.has('a')).toBe(false)
  })

  it('C1: an item that became terminal while it is in a running sync call', async () => {
    const all = world({
      policies: [lru(2)],
      isTerminal,
      answer: (batch) => (batch[0]?.id === 'a' ? 'wait' : []),
    })
    all.cache.start().getOrCreate('a', running())
    await all.clock.advance(0)
    all.cache.update('a', done())
    all.cache.getOrCreate('b', running())
    await all.clock.advance(0)
    all.cache.getOrCreate('c', running())
    expect([...all.cache.ids()].sort()).toEqual(['a', 'c'])
  })
})
