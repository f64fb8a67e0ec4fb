import { describe, expect, it } from 'vitest'
import { running } from '../group.ts'
import { openStream, post, type RawStream, statesOf, wants } from './raw-client.ts'
import { site } from './site.ts'

const types = (stream: RawStream): string[] => stream.frames.map(({ type }) => type)

describe('streams of a hub', () => {
  it('H1: answers POST under any path, and nothing else', async () => {
    const { hub } = site()
    const statuses = await Promise.all(
      [
        post('stream', { from: 'a', asks: [] }),
        post('elsewhere', {}),
        new Request('https://hub.test/jobs/stream', { headers: { user: 'me' } }),
        post('ask', { from: 'b', asks: [] }),
      ].map(async (request) => (await hub.fetch(request)).status),
    )
    expect(statuses).toEqual([200, 404, 405, 409])
  })

  it('H1: deletes nothing from the application’s cache, and keeps nothing in it', async () => {
    const { clock, hub, jobs } = site()
    jobs.getOrCreate('theirs')
    const stream = await openStream(hub.fetch, 'a', ['x', 'theirs'])
    await clock.advance(1000)
    stream.abort()
    await clock.advance(29_000)
    expect([...jobs.ids()]).toEqual(['theirs', 'x'])
    await clock.advance(3000)
    expect([...jobs.ids()]).toEqual(['theirs'])
  })

  it('H5: the head has a beat with it, and no header that lets a proxy keep it back; beats are events', async () => {
    const { clock, hub } = site({ answer: () => new Promise(() => undefined) })
    const stream = await openStream(hub.fetch, 'a', ['x'])
    await clock.advance(0)
    expect(types(stream)).toEqual(['hub', 'beat', 'ack', 'answers'])
    const { headers } = stream.response
    expect(headers.get('content-type')).toBe('text/event-stream')
    expect(headers.get('cache-control')).toBe('no-cache, no-transform')
    expect(headers.get('x-accel-buffering')).toBe('no')
    stream.frames.length = 0
    await clock.advance(60_000)
    expect(types(stream).filter((type) => type === 'beat')).toHaveLength(12)
  })

  it('H6: an item is encoded once a change, and many clients cost the source what one does', async () => {
    let encoded = 0
    const serialize = (item: unknown): unknown => {
      encoded += 1
      return item
    }
    const ids = Array.from({ length: 20 }, (_, index) => `job-${index}`)
    const cost = async (clients: number): Promise<number> => {
      const { clock, calls, hub, source } = site({ options: { serialize } })
      for (let index = 0; index < clients; index += 1) await openStream(hub.fetch, `client-${index}`, ids)
      await clock.advance(10_000)
      for (const id of ids) source.set(id, running(1))
      await clock.advance(1000)
      return calls.length
    }
    const one = await cost(1)
    const once = encoded
    encoded = 0
    expect(await cost(300)).toBe(one)
    expect(encoded).toBe(once)
    // Each id twice: its first value and its change. The source makes a new object for each answer, which is compared first.
    expect(once).toBe(2 * ids.length)
  })

  it('H3: a slow reader is told the newest of an id, and has no queue', async () => {
    const { clock, hub, source } = site()
    const stream = await openStream(hub.fetch, 'a', ['x'])
    await clock.advance(100)
    stream.isStalled = true
    await clock.advance(0)
    for (let step = 1; step <= 5; step += 1) {
      source.set('x', running(step))
      await clock.advance(1000)
    }
    // The reader was reading when it stalled, so that one chunk was on its way to it.
    const told = stream.frames.filter(({ type }) => type === 'answers').length
    expect(told).toBeLessThanOrEqual(3)
    expect(hub.stats().clients).toBe(1)
  })

  it('H9: a stream of which nothing is taken for two beats is ended, and its wants with it', async () => {
    const { clock, hub, source, calls } = site({ interval: 100 })
    const slow = await openStream(hub.fetch, 'slow', ['s'])
    const quick = await openStream(hub.fetch, 'quick', ['q'])
    await clock.advance(100)
    slow.isStalled = true
    for (let step = 1; step <= 200; step += 1) {
      source.set('s', running(step))
      source.set('q', running(step))
      await clock.advance(100)
    }
    expect(hub.stats()).toEqual({ clients: 1, ids: 1 })
    expect(quick.frames.length).toBeGreaterThan(200)
    const asked = calls.flat().filter((id) => id === 's').length
    await clock.advance(10_000)
    expect(calls.flat().filter((id) => id === 's')).toHaveLength(asked)
  })

  it('H9: a client that comes back before it is missed has one stream, whatever the limit', async () => {
    const { clock, hub, calls } = site({ options: { limits: { clients: 1 } } })
    const first = await openStream(hub.fetch, 'a', ['x'])
    const second = await openStream(hub.fetch, 'a', ['x'])
    await clock.advance(1000)
    expect(second.response.status).toBe(200)
    expect(first.isEnded).toBe(true)
    expect(hub.stats()).toEqual({ clients: 1, ids: 1 })
    first.abort()
    await clock.advance(10_000)
    expect(second.isEnded).toBe(false)
    expect(hub.stats()).toEqual({ clients: 1, ids: 1 })
    expect(calls.length).toBe(12)
  })

  it('H9: at the limit a new client is sent away, and none is ended for it', async () => {
    const { hub } = site({ options: { limits: { clients: 1 } } })
    const first = await openStream(hub.fetch, 'a', ['x'])
    const second = await openStream(hub.fetch, 'b', ['x'])
    expect(second.response.status).toBe(503)
    expect(Number(second.response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(first.isEnded).toBe(false)
  })

  it('H9: a client that leaves while it is checked opens nothing', async () => {
    let admit: (() => void) | undefined
    const wait = new Promise<void>((resolve) => (admit = resolve))
    const { clock, hub } = site({ options: { mayRead: () => wait.then(() => true) } })
    const abort = new AbortController()
    const answer = hub.fetch(post('stream', { from: 'a', asks: [wants('x')] }, {}, abort.signal))
    await clock.advance(10)
    abort.abort()
    admit?.()
    expect((await answer).status).toBe(408)
    expect(hub.stats()).toEqual({ clients: 0, ids: 0 })
    expect(clock.timers).toBeLessThanOrEqual(1)
  })

  it('H7: close ends the streams, each with a retry of its own, and later clients are sent away', async () => {
    let draws = 0
    const { clock, hub } = site({ options: { random: () => (draws += 1) / 100 } })
    const streams = await Promise.all(
      Array.from({ length: 10 }, (_, index) => openStream(hub.fetch, `client-${index}`, ['x'])),
    )
    await clock.advance(10)
    hub.close()
    await clock.advance(0)
    expect(streams.every(({ isEnded }) => isEnded)).toBe(true)
    expect(new Set(streams.map(({ retry }) => retry)).size).toBe(10)
    expect((await hub.fetch(post('stream', { from: 'z', asks: [] }))).status).toBe(503)
    expect(hub.stats().clients).toBe(0)
  })

  it('K16: without clients a hub has no timer', async () => {
    const { clock, hub, jobs } = site()
    const idle = clock.timers
    const stream = await openStream(hub.fetch, 'a', ['x'])
    await clock.advance(1000)
    stream.abort()
    void jobs.stop()
    await clock.advance(0)
    expect(clock.timers).toBeLessThanOrEqual(idle)
  })

  it('K10: errors cross without a stack; K12: an item that cannot cross fails at the clients', async () => {
    const { clock, hub, source } = site({
      answer: (ids) =>
        ids.map((id) =>
          id === 'bad'
            ? { id, action: 'fail', error: Object.assign(new Error('broken'), { secret: 1, status: 500 }) }
            : { id, item: source.get(id) ?? running() },
        ),
      options: {
        serialize: (item) => {
          if (item.step === 7) throw new Error('no')
          return item
        },
      },
    })
    source.set('odd', running(7))
    const stream = await openStream(hub.fetch, 'a', ['bad', 'odd', 'fine'])
    await clock.advance(100)
    const states = ['bad', 'odd', 'fine'].flatMap((id) => statesOf(stream, id))
    expect(states).toContainEqual(
      expect.objectContaining({ id: 'bad', error: { name: 'Error', message: 'broken', status: 500 } }),
    )
    expect(states).toContainEqual(
      expect.objectContaining({
        id: 'odd',
        error: { name: 'TypeError', code: 'UNSENDABLE', message: 'an item cannot be encoded as JSON: "odd"' },
      }),
    )
    expect(states).toContainEqual(expect.objectContaining({ id: 'fine', item: running() }))
    expect(JSON.stringify(states)).not.toContain('stack')
  })
})
