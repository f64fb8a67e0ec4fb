import { expiry, customBatches, until } from '@auto-refresh/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { captureReports, done, running, world, type Job } from './world.ts'

/** What a hostile reader of the code found, each as it was shown. */
describe('found by review', () => {
  it('W5: an ingest does not bring a marked item back that was asked for', async () => {
    const w = world({ interval: 5000, policies: [customBatches(() => [])] })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    void w.cache.refresh('a')
    await w.clock.advance(100)
    w.cache.deleteDelayed('a')
    await w.clock.advance(100)
    w.cache.ingest([{ id: 'a', item: running(2) }])
    await w.clock.advance(6000)
    expect(w.cache.has('a')).toBe(false)
  })

  it('W5, S3: the end of an earlier call does not bring a marked item back', async () => {
    const w = world({ answer: () => 'wait' })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    w.cache.delete('a')
    w.cache.getOrCreate('a', running(1))
    await w.clock.advance(0)
    w.lastCall().answer([])
    void w.cache.refresh('a')
    w.cache.deleteDelayed('a')
    await w.clock.advance(10)
    expect(w.calls).toHaveLength(1)
    expect(w.cache.has('a')).toBe(false)
  })

  it('S4: an item that waits keeps its place, however often it is asked for', async () => {
    const w = world({ batchSize: 1, concurrency: 1, timeout: Infinity, answer: () => 'wait' })
    w.cache.start()
    for (const id of ['a', 'b', 'c', 'd', 'e']) w.cache.getOrCreate(id, running())
    await w.clock.advance(0)
    for (let round = 0; round < 10; round++) {
      await w.clock.advance(500)
      void w.cache.refresh('e')
      w.lastCall().answer([])
    }
    expect(w.batches().flat()).toContain('e')
  })

  it('F6: a call whose items are all gone spaces the probes by their interval all the same', async () => {
    const w = world({ answer: () => 'wait', batchSize: 1, concurrency: 3, timeout: Infinity, interval: 100 })
    w.cache.start()
    for (const id of ['a', 'b', 'c']) w.cache.getOrCreate(id, running())
    await w.clock.advance(0)
    w.cache.delete('c')
    for (const call of w.calls) call.fail(new Error('down'))
    await w.clock.advance(1000)
    expect(w.calls.length).toBeGreaterThan(3)
  })

  it('L3, O3: a start from within the abort of a stop comes after it', async () => {
    const w = world({
      answer: (_, call) => {
        call.signal.addEventListener('abort', () => w.cache.start())
        return 'wait'
      },
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    void w.cache.stop()
    const life = w.events
      .map((event) => event.type)
      .filter((type) => type === 'started' || type === 'stopped')
    expect(life).toEqual(['started', 'stopped', 'started'])
    expect(w.cache.isRunning).toBe(true)
  })

  it('L3, L4, O3: a stop does not abort what was started anew from within its aborts', async () => {
    const w = world({ interval: 1000, answer: () => 'wait' })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    w.cache.getOrCreate('b', running())
    let isOver = false
    w.calls[0]?.signal.addEventListener('abort', () => {
      w.cache.onEvent(({ type }) => {
        if (type !== 'stopped' || isOver) return
        isOver = true
        w.cache.start()
      })
      w.cache.start()
      void w.cache.stop()
    })
    void w.cache.stop()
    await w.clock.advance(0)
    expect(w.batches()).toEqual([['a'], ['b']])
    expect(w.cache.getSnapshot('b').isRefreshing).toBe(true)
    expect(w.calls[1]?.signal.aborted).toBe(false)
  })

  it('L3, O3: a stop and start from within `started` leaves no listener of the environment behind', async () => {
    const w = world()
    let isFirst = true
    w.cache.onEvent((event) => {
      if (event.type !== 'started' || !isFirst) return
      isFirst = false
      void w.cache.stop()
      w.cache.start()
    })
    w.cache.start()
    expect(w.environment.listeners).toBe(1)
    await w.cache.stop()
    expect(w.environment.listeners).toBe(0)
  })

  it('O1: after a stop the snapshot tells no time of a request that is dropped', async () => {
    const w = world()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(100)
    const cached = w.cache.getSnapshot('a')
    void w.cache.refresh('a')
    expect(w.cache.getSnapshot('a')).not.toBe(cached)
    void w.cache.stop()
    const shown = w.cache.getSnapshot('a').nextRefreshAt
    w.cache.update('a', running(1))
    expect(w.cache.getSnapshot('a').nextRefreshAt).toBe(shown)
  })

  it('O1: a new item whose batch is full is due now, and its snapshot says so', async () => {
    const w = world({ batchWindow: 500, batchSize: 2, concurrency: 1, answer: () => 'wait' })
    w.cache.start()
    for (const id of ['x', 'y']) w.cache.getOrCreate(id, running())
    await w.clock.advance(0)
    for (const id of ['a', 'b']) w.cache.getOrCreate(id, running())
    expect(w.cache.getSnapshot('a').nextRefreshAt).toBe(w.clock.epoch())
  })

  it('T3, S7: batches that were asked for do not outlive a stop', async () => {
    const w = world({
      concurrency: 1,
      timeout: 500,
      policies: [customBatches((due) => due.map((entry) => [entry]))],
      answer: () => 'wait',
    })
    w.cache.start()
    for (const id of ['a', 'b']) {
      w.cache.getOrCreate(id, running())
      void w.cache.refresh(id)
    }
    await w.clock.advance(0)
    void w.cache.stop()
    w.environment.setVisible(false)
    w.cache.start()
    await w.clock.advance(5000)
    expect(w.calls).toHaveLength(1)
  })

  it('T2, F2: a sleep brings nothing forward that was planned after it', async () => {
    const w = world({ answer: () => 'wait', timeout: 30_000 })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    w.clock.sleep(3_600_000)
    w.lastCall().answer([{ id: 'a', action: 'fail', error: 'busy', retryAfter: 100_000 }])
    await w.clock.advance(60_000)
    expect(w.calls).toHaveLength(1)
  })

  it('O1: looking at a terminal item, or asking for one that is being refreshed, makes no new snapshot', async () => {
    const w = world({ answer: () => 'wait', isTerminal: (job) => job.done })
    w.cache.start().getOrCreate('ended', done())
    w.cache.getOrCreate('a', running())
    await w.clock.advance(0)
    const [ended, inCall] = [w.cache.getSnapshot('ended'), w.cache.getSnapshot('a')]
    w.cache.subscribe('ended', () => undefined)()
    void w.cache.refresh('a')
    expect(w.cache.getSnapshot('ended')).toBe(ended)
    expect(w.cache.getSnapshot('a')).toBe(inCall)
  })

  it('S1: a full batch hastens only new items', async () => {
    const w = world({ interval: 1000, batchWindow: 1000, batchSize: 2 })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(1000)
    w.cache.getOrCreate('b', running())
    await w.clock.advance(0)
    expect(w.batches()).toEqual([['a']])
  })

  it('O4: what the condition does to its own item is not missed', async () => {
    const w = world()
    w.cache.getOrCreate('a', running())
    const gone = until(w.cache, 'a', () => {
      w.cache.delete('a')
      return false
    })
    await expect(gone).rejects.toMatchObject({ code: 'DELETED' })
  })

  it('S7, S8: what is asked for and left out by createBatches is offered again, whatever its interval', async () => {
    let asked = 0
    const w = world({ interval: Infinity, policies: [customBatches((due) => (++asked <= 2 ? [] : [due]))] })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    const refreshed = w.cache.refresh('a')
    await w.clock.advance(120_000)
    await expect(refreshed).resolves.toBeUndefined()
  })

  it('F7: a source of chance that throws is reported, and counts as 0', async () => {
    const w = world({
      random: () => {
        throw new Error('no chance')
      },
    })
    const { reports, restore } = captureReports()
    onTestFinished(restore)
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(3000)
    expect(w.calls).toHaveLength(4)
    expect(reports).toContainEqual(new Error('no chance'))
    expect(w.events).toContainEqual({ type: 'callback-error', error: new Error('no chance') })
  })

  it('L2: the same signal given twice is listened to once', () => {
    let listeners = 0
    const { signal } = new AbortController()
    const add = signal.addEventListener.bind(signal)
    Object.defineProperty(signal, 'addEventListener', {
      value: (...rest: Parameters<typeof add>) => {
        listeners += 1
        add(...rest)
      },
    })
    const w = world()
    for (let times = 0; times < 5; times++) w.cache.start({ signal })
    expect(listeners).toBe(1)
  })

  it('W5, L4: a marked item that goes when its aborted call settles leaves its id to a later one', async () => {
    const w = world({ answer: () => 'wait' })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    w.cache.deleteDelayed('a')
    void w.cache.stop()
    w.lastCall().answer([])
    await w.clock.advance(0)
    expect(w.cache.has('a')).toBe(false)
    w.cache.getOrCreate('a', running(1))
    w.cache.start()
    await w.clock.advance(0)
    expect(w.batches()).toEqual([['a'], ['a']])
  })

  it('O1: the end of a call that a stop has aborted makes no new snapshot', async () => {
    const w = world({ answer: () => 'wait', interval: Infinity, syncOnCreate: true })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    w.cache.update('a', running(1))
    void w.cache.stop()
    const shown = w.cache.getSnapshot('a')
    w.lastCall().answer([])
    await w.clock.advance(0)
    const after = w.cache.getSnapshot('a')
    expect(after === shown).toBe(after.nextRefreshAt === shown.nextRefreshAt)
  })

  it('T6: a time in a snapshot is read from the wall clock at that moment, which may have been set', async () => {
    const w = world({ syncOnCreate: false })
    w.cache.start().getOrCreate('a', running())
    w.clock.setEpoch(w.clock.epoch() + 5000)
    w.cache.getOrCreate('b', running())
    for (const id of ['a', 'b']) expect(w.cache.getSnapshot(id).nextRefreshAt).toBe(w.clock.epoch() + 1000)
  })

  it('T2, S1: a wall clock that is set back while a batch window is open is that of all who wait in it', async () => {
    const w = world({ batchWindow: 20_000 })
    w.cache.getOrCreate('a', running())
    await w.clock.advance(1000)
    w.clock.setEpoch(w.clock.epoch() - 3_600_000)
    w.cache.getOrCreate('b', running())
    for (const id of ['a', 'b']) expect(w.cache.getSnapshot(id).nextRefreshAt).toBe(w.clock.epoch() + 19_000)
    w.cache.start()
    w.clock.sleep(40_000)
    w.environment.setVisible(false)
    w.environment.setVisible(true)
    await w.clock.advance(0)
    expect(w.batches()).toEqual([['a', 'b']])
  })

  it('T6, S1: an item that is created after a sleep does not put off a batch window that ended in it', async () => {
    const w = world({ batchWindow: 20_000 })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    w.clock.sleep(40_000)
    w.cache.getOrCreate('b', running())
    await w.clock.advance(0)
    expect(w.batches()).toEqual([['a']])
  })
})
