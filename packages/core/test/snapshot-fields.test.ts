import { echoed } from './scheduling.ts'
import { expiry, type ItemSnapshot } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { done, running, stepped, world, type Job } from './world.ts'

const EPOCH = 1_000_000

describe('nextRefreshAt of a new item', () => {
  it('O1, S1: is the end of its batch window', () => {
    const { cache } = world({ batchWindow: 50 })
    cache.start().getOrCreate('a', running())
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(1_000_050)
  })

  it('O1: a new item whose batch is full is due now, and its snapshot says so', async () => {
    const w = world({ batchWindow: 500, batchSize: 2, concurrency: 1, answer: () => 'wait' })
    w.cache.start()
    for (const id of ['x', 'y']) w.cache.getOrCreate(id, running())
    await w.clock.advance(0)
    for (const id of ['a', 'b']) w.cache.getOrCreate(id, running())
    expect(w.cache.getSnapshot('a').nextRefreshAt).toBe(w.clock.epoch())
  })
})

describe('the fields of a snapshot', () => {
  it('O1: a new item is active, has never failed, and is created now', async () => {
    const { cache, clock } = world()
    await clock.advance(5)
    const item = running()
    cache.getOrCreate('a', item)
    expect(cache.getSnapshot('a')).toMatchObject({
      status: 'active',
      isDeleting: false,
      error: undefined,
      failureCount: 0,
      isRefreshing: false,
      unchangedCount: 0,
      createdAt: EPOCH + 5,
      refreshedAt: undefined,
    })
    expect(cache.getSnapshot('a').item).toBe(item)
  })

  it('O1: the item is the reference that was given, neither copied nor frozen', () => {
    const { cache } = world<{ list: number[] }>()
    const item = { list: [1] }
    cache.getOrCreate('a', item)
    expect(cache.getSnapshot('a').item).toBe(item)
    expect(Object.isFrozen(item)).toBe(false)
    expect(Object.isFrozen(item.list)).toBe(false)
  })

  it('O1: any string is an id', () => {
    const { cache } = world()
    for (const id of ['', '__proto__', 'constructor', 'toString', 'x'.repeat(10_000)]) {
      cache.getOrCreate(id, running(id.length))
      expect(cache.getSnapshot(id).item).toEqual(running(id.length))
    }
  })

  it('O1: changedAt is when the item last got a new value, whoever gave it', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.getOrCreate('a', running())
    await clock.advance(10)
    cache.update('a', running(1))
    expect(cache.getSnapshot('a').changedAt).toBe(EPOCH + 10)
    await clock.advance(10)
    cache.ingest([{ id: 'a', item: running(2) }])
    expect(cache.getSnapshot('a').changedAt).toBe(EPOCH + 20)
    await clock.advance(10)
    cache.start()
    await clock.advance(1020)
    expect(cache.getSnapshot('a').changedAt).toBe(EPOCH + 1020)
  })

  it('O1: a refresh that changes nothing moves refreshedAt, not changedAt', async () => {
    const { cache, clock } = world({
      answer: (batch, call) => (call.at === 0 ? stepped(batch) : echoed(batch)),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    expect(cache.getSnapshot('a')).toMatchObject({
      item: running(1),
      changedAt: EPOCH,
      refreshedAt: EPOCH + 1000,
    })
  })

  it('O1: a failure does not move refreshedAt', async () => {
    const { cache, clock } = world({
      answer: (batch, call) => {
        if (call.at > 0) throw new Error('down')
        return stepped(batch)
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(1000)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 1, refreshedAt: EPOCH, changedAt: EPOCH })
  })

  it('O1: error and failureCount are of the last settled sync, and go with a success', async () => {
    const errors = [new Error('first'), new Error('second')]
    const { cache, clock, lastCall } = world({ answer: () => 'wait', retry: { factor: 1 } })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    for (const [index, error] of errors.entries()) {
      lastCall().fail(error)
      await clock.advance(0)
      expect(cache.getSnapshot('a').error).toBe(error)
      expect(cache.getSnapshot('a').failureCount).toBe(index + 1)
      await clock.advance(1000)
      expect(cache.getSnapshot('a').error).toBe(error)
    }
    lastCall().answer([{ id: 'a', action: 'unchanged' }])
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ error: undefined, failureCount: 0 })
  })

  it('O1: isRefreshing is true in a running sync call, and only there', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait' })
    cache.start().getOrCreate('a', running())
    expect(cache.getSnapshot('a').isRefreshing).toBe(false)
    await clock.advance(0)
    expect(cache.getSnapshot('a').isRefreshing).toBe(true)
    lastCall().answer([])
    await clock.advance(0)
    expect(cache.getSnapshot('a').isRefreshing).toBe(false)
  })

  it('O1: isRefreshing ends with a failure and with a timeout, too', async () => {
    const { cache, clock, lastCall } = world({ answer: () => 'wait', timeout: 100 })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    lastCall().fail(new Error('down'))
    await clock.advance(0)
    expect(cache.getSnapshot('a').isRefreshing).toBe(false)
    await clock.advance(1000)
    expect(cache.getSnapshot('a').isRefreshing).toBe(true)
    await clock.advance(100)
    expect(cache.getSnapshot('a').isRefreshing).toBe(false)
  })

  it('O1: unchangedCount counts the syncs in a row that changed nothing', async () => {
    const { cache, clock } = world({
      answer: (batch, call) => (call.at === 2000 ? stepped(batch) : echoed(batch)),
    })
    cache.start().getOrCreate('a', running())
    const counts: number[] = []
    for (let call = 0; call < 5; call++) {
      await clock.advance(call === 0 ? 0 : 1000)
      counts.push(cache.getSnapshot('a').unchangedCount)
    }
    expect(counts).toEqual([1, 2, 0, 1, 2])
  })

  it('O1: isDeleting is true once deleteDelayed was called', () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    expect(cache.getSnapshot('a').isDeleting).toBe(false)
    cache.deleteDelayed('a')
    expect(cache.getSnapshot('a')).toMatchObject({ isDeleting: true, status: 'active', item: running() })
  })

  it('O1: a status is pending, active, terminal, expired or missing', async () => {
    const { cache, clock } = world({ isTerminal: (job) => job.done, policies: [expiry({ maxAge: 500 })] })
    cache.start()
    expect(cache.getSnapshot('a').status).toBe('missing')
    cache.getOrCreate('a')
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'pending', item: undefined })
    cache.getOrCreate('a', running())
    cache.getOrCreate('b', done())
    expect(cache.getSnapshot('a').status).toBe('active')
    expect(cache.getSnapshot('b').status).toBe('terminal')
    await clock.advance(500)
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'expired', item: running() })
    expect(cache.getSnapshot('b').status).toBe('terminal')
  })

  it('O1: a status follows a local update and a sync', async () => {
    const { cache, clock } = world({
      isTerminal: (job) => job.done,
      answer: (batch) => batch.map(({ id }) => ({ id, item: done() })),
    })
    cache.getOrCreate('a', done())
    cache.update('a', running())
    expect(cache.getSnapshot('a').status).toBe('active')
    cache.start()
    await clock.advance(1000)
    expect(cache.getSnapshot('a')).toMatchObject({ status: 'terminal', item: done() })
  })

  it('O1: nextRefreshAt is the time of the next refresh, by the wall clock', async () => {
    const { cache, clock } = world()
    await clock.advance(50)
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(EPOCH + 1050)
    await clock.advance(1000)
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(EPOCH + 2050)
  })

  it('O1: nextRefreshAt follows an ingest', async () => {
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(400)
    cache.ingest([{ id: 'a', action: 'unchanged' }])
    expect(cache.getSnapshot('a').nextRefreshAt).toBe(EPOCH + 1400)
  })

  it('O1: nextRefreshAt is undefined if none is scheduled', async () => {
    const { cache, clock } = world({ isTerminal: (job) => job.done, interval: Infinity })
    cache.start()
    cache.getOrCreate('terminal', done())
    cache.getOrCreate('once', running())
    await clock.advance(0)
    expect(cache.getSnapshot('terminal').nextRefreshAt).toBeUndefined()
    expect(cache.getSnapshot('once').nextRefreshAt).toBeUndefined()
  })

  it('O1: createdAt survives every write, and is new after a delete and re-create', async () => {
    const { cache, clock } = world({ answer: stepped })
    cache.start().getOrCreate('a', running())
    await clock.advance(1500)
    cache.update('a', running())
    expect(cache.getSnapshot('a').createdAt).toBe(EPOCH)
    cache.delete('a')
    cache.getOrCreate('a', running())
    expect(cache.getSnapshot('a')).toMatchObject({ createdAt: EPOCH + 1500, refreshedAt: undefined })
  })

  it('O1: a re-created item knows nothing of its former life', async () => {
    const { cache, clock } = world({
      answer: (batch) => batch.map(({ id }) => ({ id, action: 'fail', error: 1 })),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.deleteDelayed('a')
    cache.delete('a')
    cache.getOrCreate('a', running())
    expect(cache.getSnapshot('a')).toMatchObject({ isDeleting: false, error: undefined, failureCount: 0 })
  })

  it('O1: setting the wall clock does not rewrite createdAt', async () => {
    const { cache, clock } = world()
    cache.getOrCreate('a', running())
    await clock.advance(10)
    clock.setEpoch(5)
    expect(cache.getSnapshot('a').createdAt).toBe(EPOCH)
    cache.update('a', running(1))
    expect(cache.getSnapshot('a')).toMatchObject({ createdAt: EPOCH, changedAt: 5 })
  })

  it('O1, S2: the interval function gets the snapshot as it is after the sync', async () => {
    const seen: ItemSnapshot<Job>[] = []
    const { cache, clock } = world({
      answer: stepped,
      interval: (snapshot) => {
        seen.push(snapshot)
        return 1000
      },
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(seen).toMatchObject([
      { status: 'active', item: running(1), refreshedAt: EPOCH, isRefreshing: false },
    ])
  })
})
