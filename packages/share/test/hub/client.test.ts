import { describe, expect, it } from 'vitest'
import { done, running } from '../group.ts'
import { type Client, site } from './site.ts'

const openings = ({ network }: Client): number => network.of('stream').length

describe('a client of a hub', () => {
  it('K2, H3: changes are gathered for 50 ms, and go in one request', async () => {
    const { clock, join } = site()
    const client = join()
    client.cache.getOrCreate('a')
    await clock.advance(1000)
    client.cache.getOrCreate('b')
    await clock.advance(20)
    client.cache.getOrCreate('c')
    await clock.advance(200)
    expect(client.cache.get('c')).toEqual(running())
    expect(client.network.exchanges.map(({ action }) => action)).toEqual(['stream', 'ask'])
  })

  it('K4: an update is not lost, whatever the hub had under way', async () => {
    const answers: (() => void)[] = []
    const { clock, source, join } = site({
      answer: async (ids) => {
        const items = ids.map((id) => ({ id, item: source.get(id) ?? running() }))
        await new Promise<void>((resolve) => answers.push(resolve))
        return items
      },
    })
    const { cache } = join()
    cache.getOrCreate('x')
    await clock.advance(100)
    answers.pop()?.()
    await clock.advance(1000)
    // A call runs that read step 0. The client changes the item, and the source has it.
    expect(answers).toHaveLength(1)
    cache.update('x', running(5))
    source.set('x', running(5))
    await clock.advance(100)
    answers.pop()?.()
    await clock.advance(100)
    expect(cache.get('x')).toEqual(running(5))
    source.set('x', running(6))
    await clock.advance(1000)
    answers.pop()?.()
    await clock.advance(100)
    expect(cache.get('x')).toEqual(running(6))
  })

  it('K4: a write ends although the call that ran meanwhile has found that the item is finished', async () => {
    const waiting: (() => void)[] = []
    let isSlow = false
    const { clock, source, join } = site({
      answer: async (ids) => {
        const items = ids.map((id) => ({ id, item: source.get(id) ?? running() }))
        if (isSlow) await new Promise<void>((resolve) => waiting.push(resolve))
        return items
      },
    })
    const [writer, other] = [join(), join('other')]
    for (const { cache } of [writer, other]) cache.getOrCreate('x')
    await clock.advance(500)
    source.set('x', done(1))
    isSlow = true
    await clock.advance(1000)
    expect(waiting).toHaveLength(1)
    isSlow = false
    writer.cache.update('x', running(50))
    await clock.advance(100)
    waiting[0]?.()
    await clock.advance(5000)
    expect([writer, other].map(({ cache }) => cache.get('x'))).toEqual([done(1), done(1)])
  })

  it.each([true, false])(
    'K4, H4: what ended while the stream was cut is shown when it is open again (server told: %s)',
    async (isServerTold) => {
      const { clock, source, join } = site()
      const [cut, other] = [join(), join('other')]
      for (const { cache } of [cut, other]) cache.getOrCreate('x')
      await clock.advance(3000)
      source.set('x', running(1))
      await clock.advance(1000)
      expect(cut.cache.get('x')).toEqual(running(1))
      source.set('x', done(2))
      cut.network.cut(isServerTold)
      await clock.advance(10_000)
      expect([cut, other].map(({ cache }) => cache.get('x'))).toEqual([done(2), done(2)])
    },
  )

  it('K5: a refresh is done at the hub, once for all who ask, and rejects with its error', async () => {
    let isDown = false
    const { clock, calls, source, join } = site({
      interval: 100_000,
      answer: (ids) => {
        if (isDown) throw Object.assign(new Error('down'), { status: 500 })
        return ids.map((id) => ({ id, item: source.get(id) ?? running() }))
      },
    })
    const clients = [join(), join(), join()]
    for (const { cache } of clients) cache.getOrCreate('x')
    await clock.advance(100)
    expect(calls).toHaveLength(1)
    source.set('x', running(1))
    const refreshed = Promise.all(clients.map(({ cache }) => cache.refresh('x')))
    await clock.advance(1500)
    await refreshed
    expect(clients.map(({ cache }) => cache.get('x'))).toEqual([running(1), running(1), running(1)])
    expect(calls.length).toBeLessThanOrEqual(3)
    isDown = true
    const failed = clients[0]?.cache.refresh('x')
    await clock.advance(3000)
    await expect(failed).rejects.toMatchObject({ message: 'down', status: 500 })
  })

  it('K5: a refresh of a terminal item brings its state, and reopens it', async () => {
    const { clock, source, join } = site()
    const { cache } = join()
    source.set('x', done(1))
    cache.getOrCreate('x')
    await clock.advance(60_000)
    source.set('x', running(2))
    const refreshed = cache.refresh('x')
    await clock.advance(100)
    await refreshed
    expect(cache.get('x')).toEqual(running(2))
    source.set('x', running(3))
    await clock.advance(2000)
    expect(cache.get('x')).toEqual(running(3))
  })

  it('K15: a terminal item that an update revives is begun anew; a deletion reaches all', async () => {
    const deleted = new Set<string>()
    const { clock, source, join } = site({
      answer: (ids) =>
        ids.map((id) =>
          deleted.has(id) ? { id, action: 'delete' } : { id, item: source.get(id) ?? running() },
        ),
    })
    const [a, b] = [join(), join()]
    source.set('x', done(1))
    for (const { cache } of [a, b]) cache.getOrCreate('x')
    await clock.advance(1000)
    expect(a.cache.get('x')).toEqual(done(1))
    source.set('x', running(2))
    a.cache.update('x', running(2))
    await clock.advance(200)
    source.set('x', done(3))
    await clock.advance(3000)
    expect(a.cache.get('x')).toEqual(done(3))
    a.cache.getOrCreate('y')
    b.cache.getOrCreate('y')
    await clock.advance(1000)
    deleted.add('y')
    await clock.advance(2000)
    expect([a.cache.has('y'), b.cache.has('y')]).toEqual([false, false])
  })

  it('H9: Comes back before it is missed', async () => {
    const { clock, hub, join, calls } = site()
    const client = join()
    client.cache.getOrCreate('x')
    await clock.advance(7000)
    // The socket vanishes without FIN: the server goes on writing into it.
    client.network.cut(false)
    await clock.advance(3000)
    expect(openings(client)).toBe(2)
    expect(client.network.of('stream').map(({ status }) => status)).toEqual([200, 200])
    await clock.advance(60_000)
    expect(hub.stats()).toEqual({ clients: 1, ids: 1 })
    expect(client.cache.stats()).toMatchObject({ role: 'follower' })
    await clock.advance(240_000)
    expect(openings(client)).toBe(2)
    expect(client.network.of('status')).toHaveLength(0)
    expect(calls.length).toBeLessThan(320)
  })

  it('H4: a server that restarts sends nothing that the client has', async () => {
    const { clock, join, restart, source } = site()
    const client = join()
    for (let index = 0; index < 50; index += 1) client.cache.getOrCreate(`x${index}`)
    await clock.advance(10_000)
    restart()
    source.set('x7', running(7))
    await clock.advance(20_000)
    expect(client.cache.stats()).toMatchObject({ role: 'follower' })
    expect(client.cache.get('x7')).toEqual(running(7))
    const [, ...after] = client.network.of('stream')
    const text = after.map((exchange) => exchange.text).join('')
    expect(text.match(/"item":/g)).toHaveLength(1)
    expect(client.network.of('status')).toHaveLength(0)
  })

  it('H4: Opens and dies: an end after 100 ms is a failure, with fewer and fewer tries, and values come by status', async () => {
    const { clock, join, source } = site()
    const client = join()
    client.network.intercept = (action) =>
      action === 'stream'
        ? dying(clock, 'event: beat\ndata: {"type":"beat","seq":0,"members":2}\n\n')
        : undefined
    client.cache.getOrCreate('x')
    await clock.advance(300_000)
    source.set('x', running(1))
    await clock.advance(300_000)
    expect(openings(client)).toBeLessThanOrEqual(20)
    expect(openings(client)).toBeGreaterThan(8)
    expect(client.cache.get('x')).toEqual(running(1))
    expect(client.network.of('status').length).toBeGreaterThan(100)
  })

  it('H4: Opens and dies: streams that end in order every 30 s are no failures', async () => {
    const { clock, join, hub } = site()
    const client = join()
    client.cache.getOrCreate('x')
    for (let round = 0; round < 20; round += 1) {
      await clock.advance(30_000)
      // The same as `close` does, by a server that goes on.
      client.network.intercept = undefined
      client.network.cut(true)
    }
    await clock.advance(5000)
    expect(openings(client)).toBe(21)
    expect(client.network.of('status')).toHaveLength(0)
    expect(hub.stats().clients).toBe(1)
    expect(client.cache.stats().role).toBe('follower')
  })

  it('H4: 401 and 403 are answers: REFUSED, tried again after a minute, at refresh, and on return', async () => {
    const { clock, join } = site()
    const client = join()
    client.network.headers = {}
    client.cache.getOrCreate('x')
    await clock.advance(10_000)
    expect(client.cache.getSnapshot('x')).toMatchObject({ error: { code: 'REFUSED', status: 401 } })
    const before = client.network.exchanges.length
    await clock.advance(30_000)
    expect(client.network.exchanges.length).toBe(before)
    await clock.advance(65_000)
    expect(client.network.exchanges.length).toBeGreaterThan(before)
    client.network.headers = { user: 'me' }
    const refreshed = client.cache.refresh('x')
    await clock.advance(100)
    await refreshed
    expect(client.cache.get('x')).toEqual(running())
    await clock.advance(100)
    expect(client.cache.stats().role).toBe('follower')
    client.network.headers = {}
    client.network.cut()
    await clock.advance(5000)
    client.environment.setVisible(false)
    client.network.headers = { user: 'me' }
    await clock.advance(5000)
    client.environment.setVisible(true)
    await clock.advance(500)
    expect(client.cache.stats().role).toBe('follower')
  })

  it('H4: another version is told as VERSION, and tried again after 5 minutes', async () => {
    const { clock, join } = site()
    const client = join('me', { version: 'old' }, { version: 'old' })
    client.cache.getOrCreate('x')
    await clock.advance(250_000)
    expect(client.cache.getSnapshot('x')).toMatchObject({ error: { code: 'VERSION', status: 426 } })
    expect(openings(client)).toBe(1)
    await clock.advance(100_000)
    expect(openings(client)).toBe(2)
  })

  it('H4: Retry-After is a floor', async () => {
    const { clock, join } = site()
    const client = join()
    client.network.intercept = () => new Response(null, { status: 503, headers: { 'retry-after': '40' } })
    client.cache.getOrCreate('x')
    await clock.advance(39_000)
    expect(openings(client)).toBe(1)
    await clock.advance(30_000)
    expect(openings(client)).toBe(2)
  })

  it('H4: behind a proxy that keeps streams back it asks by status, and tries a stream every 5 minutes', async () => {
    const { clock, join, source } = site()
    const client = join()
    client.network.intercept = (action) => (action === 'stream' ? new Promise(() => undefined) : undefined)
    client.cache.getOrCreate('x')
    await clock.advance(60_000)
    expect(client.cache.get('x')).toEqual(running())
    expect(openings(client)).toBe(2)
    source.set('x', running(1))
    await clock.advance(2000)
    expect(client.cache.get('x')).toEqual(running(1))
    client.network.intercept = undefined
    await clock.advance(240_000)
    expect(openings(client)).toBe(2)
    await clock.advance(60_000)
    expect(openings(client)).toBe(3)
    expect(client.cache.stats().role).toBe('follower')
  })

  it.each([
    ['until it has 2 kB', { bytes: 2048, ms: Infinity }],
    ['for 7 s', { bytes: Infinity, ms: 7000 }],
    ['for 10 s', { bytes: Infinity, ms: 10_000 }],
    ['for a minute', { bytes: Infinity, ms: 60_000 }],
  ])(
    'H4, K11: behind a proxy that keeps a stream back %s it asks by status, says why, and costs little more',
    async (_, proxy) => {
      const { clock, join, source } = site()
      const client = join()
      client.network.proxy = proxy
      client.cache.getOrCreate('x')
      await clock.advance(90_000)
      expect(client.cache.stats()).toMatchObject({ role: 'alone', alone: 'stream-held' })
      const before = client.network.exchanges.length
      for (let step = 1; step <= 60; step += 1) {
        source.set('x', running(step))
        await clock.advance(1000)
        expect(client.cache.get('x')?.step).toBeGreaterThanOrEqual(step - 2)
      }
      expect(client.network.exchanges.length - before).toBeLessThanOrEqual(61)
      expect(openings(client)).toBe(2)
      // The proxy is set right.
      client.network.proxy = undefined
      await clock.advance(320_000)
      expect(client.cache.stats()).toMatchObject({ role: 'follower', alone: undefined })
      expect(openings(client)).toBe(3)
    },
  )

  it.each([
    ['for 3 s', { bytes: Infinity, ms: 3000 }],
    ['for 5 s', { bytes: Infinity, ms: 5000 }],
  ])('H4: a stream that a proxy keeps back %s is better than none', async (_, proxy) => {
    const { clock, join, source } = site()
    const client = join()
    client.network.proxy = proxy
    client.cache.getOrCreate('x')
    await clock.advance(10_000)
    const before = client.network.exchanges.length
    for (let step = 1; step <= 60; step += 1) {
      source.set('x', running(step))
      await clock.advance(1000)
      // It is held once, and again if its dates were not trusted (K19).
      expect(client.cache.get('x')?.step ?? 0).toBeGreaterThanOrEqual(step - 2 - (2 * proxy.ms) / 1000)
    }
    expect(client.cache.stats()).toMatchObject({ role: 'follower' })
    expect(client.network.exchanges.length - before).toBeLessThanOrEqual(20)
  })

  it('H4: a client that was suspended twice takes its stream for a good one', async () => {
    const { clock, join } = site()
    const client = join()
    client.cache.getOrCreate('x')
    await clock.advance(20_000)
    for (let count = 0; count < 2; count += 1) {
      client.network.isStalled = true
      await clock.advance(9000)
      client.network.thaw()
      await clock.advance(21_000)
    }
    expect(client.cache.stats()).toMatchObject({ role: 'follower' })
    expect(openings(client)).toBe(1)
  })

  it('K7: Beats but does not listen', async () => {
    const { clock, join } = site()
    const client = join()
    client.cache.getOrCreate('x')
    await clock.advance(10_000)
    client.network.intercept = (action) => (action === 'ask' ? new Promise(() => undefined) : undefined)
    client.cache.getOrCreate('new')
    await clock.advance(16_000)
    expect(client.cache.stats()).toMatchObject({ role: 'alone', alone: 'leader-deaf' })
    await clock.advance(2000)
    expect(client.cache.get('new')).toEqual(running())
    client.network.intercept = undefined
    await clock.advance(6000)
    expect(client.cache.stats().role).toBe('follower')
  })

  it('H3: changes that meet another server go by opening anew, once a second at most', async () => {
    const { clock, join } = site()
    const client = join()
    client.cache.getOrCreate('x')
    await clock.advance(10_000)
    client.network.intercept = (action) =>
      action === 'ask' ? new Response(null, { status: 409 }) : undefined
    for (let index = 0; index < 20; index += 1) {
      client.cache.getOrCreate(`x${index}`)
      await clock.advance(200)
    }
    await clock.advance(1000)
    expect(client.cache.get('x19')).toEqual(running())
    expect(openings(client)).toBeLessThanOrEqual(7)
    expect(client.network.of('ask')).toHaveLength(1)
    expect(client.network.streams).toBe(1)
  })

  it('K7: Waking: an hour missed costs the source nothing, and no client is alone', async () => {
    const { clock, join, calls, jobs } = site({ interval: 10_000 })
    const clients = Array.from({ length: 5 }, () => join())
    const roles: string[] = []
    for (const client of clients) {
      client.cache.onEvent((event) => event.type === 'role' && roles.push(event.role))
      client.cache.getOrCreate('x')
    }
    await clock.advance(20_000)
    roles.length = 0
    for (const { network } of clients) network.cut(true)
    const before = calls.length
    clock.freeze(3_600_000)
    jobs.getOrCreate('x')
    await clock.advance(3000)
    expect(clients.map(({ cache }) => cache.stats().role)).toEqual(clients.map(() => 'follower'))
    expect(roles).toEqual([])
    expect(calls.length - before).toBeLessThanOrEqual(1)
    expect(clients.flatMap(({ network }) => network.of('status'))).toHaveLength(0)
  })

  it('K19: what a stream brought to a client that was alone and suspended is not dated by when it is read', async () => {
    const { clock, join, jobs } = site({ interval: 600_000 })
    const { cache, network } = join('me', { interval: 600_000 })
    cache.getOrCreate('x')
    await clock.advance(9900)
    let answer: (() => void) | undefined
    network.intercept = (action) =>
      action === 'status'
        ? new Response(null, { status: 500 })
        : new Promise<undefined>((resolve) => (answer = () => resolve(undefined)))
    network.cut()
    await clock.advance(10_200)
    expect(cache.stats().role).toBe('alone')
    // The server has its request now. What it says waits while the client is suspended.
    network.intercept = undefined
    network.proxy = { bytes: 1e6, ms: 20 }
    answer?.()
    await clock.advance(10)
    clock.freeze(30_000)
    await clock.advance(3000)
    expect(cache.stats().role).toBe('follower')
    const [shown = Infinity, real = 0] = [cache, jobs].map((each) => each.getSnapshot('x').refreshedAt)
    expect(shown - real).toBeLessThan(100)
  })

  it('K9: another user has another stream, and nothing of the first one’s', async () => {
    let user = 'me'
    const { clock, join, hub } = site()
    const client = join('me', { group: () => user })
    client.cache.getOrCreate('x')
    await clock.advance(1000)
    expect(hub.stats().clients).toBe(1)
    user = 'you'
    client.network.headers = { user }
    await clock.advance(1500)
    expect(client.cache.has('x')).toBe(false)
    client.cache.getOrCreate('y')
    await clock.advance(1000)
    expect(client.cache.get('y')).toEqual(running())
    expect(hub.stats()).toEqual({ clients: 1, ids: 1 })
  })

  it('K1: a client shows no isRefreshing for a call of the hub', async () => {
    const answers: (() => void)[] = []
    const { clock, jobs, join } = site({
      answer: async (ids) => {
        await new Promise<void>((resolve) => answers.push(resolve))
        return ids.map((id) => ({ id, item: running(1) }))
      },
    })
    const { cache } = join()
    cache.getOrCreate('x')
    await clock.advance(100)
    expect(jobs.getSnapshot('x').isRefreshing).toBe(true)
    expect(cache.getSnapshot('x').isRefreshing).toBe(false)
    answers.pop()?.()
    await clock.advance(100)
    expect(cache.get('x')).toEqual(running(1))
  })

  it('K17: a client that pauses has no stream, and the others go on; resumed, it has the hub’s values by one request', async () => {
    const { clock, hub, source, join } = site()
    const [first, second] = [join(), join()]
    for (const { cache } of [first, second]) cache.getOrCreate('x')
    await clock.advance(1000)
    first.cache.pause()
    await clock.advance(100)
    expect(hub.stats().clients).toBe(1)
    expect(first.cache.stats().role).toBe('out')
    source.set('x', running(1))
    await clock.advance(2000)
    expect(first.cache.get('x')).toEqual(running())
    expect(second.cache.get('x')).toEqual(running(1))
    const before = first.network.exchanges.length
    first.cache.resume()
    await clock.advance(50)
    expect(first.cache.get('x')).toEqual(running(1))
    expect(first.cache.stats()).toMatchObject({ role: 'follower' })
    expect(first.network.exchanges.slice(before).map(({ action }) => action)).toEqual(['stream'])
  })

  it('K17: while the server’s cache is paused its clients keep what they have, and ask nobody', async () => {
    const { clock, jobs, calls, source, join } = site()
    const client = join()
    client.cache.getOrCreate('x')
    await clock.advance(1000)
    jobs.pause()
    source.set('x', running(1))
    const before = calls.length
    await clock.advance(60_000)
    expect(calls.length).toBe(before)
    expect(client.cache.get('x')).toEqual(running())
    expect(client.cache.stats()).toMatchObject({ role: 'follower' })
    expect(client.network.of('status')).toHaveLength(0)
    jobs.resume()
    await clock.advance(1100)
    expect(client.cache.get('x')).toEqual(running(1))
  })

  it('H10, K16: hidden and stopped clients hold no stream and no timer', async () => {
    const { clock, join, hub, jobs } = site()
    const client = join()
    client.cache.getOrCreate('x')
    await clock.advance(1000)
    client.environment.setVisible(false)
    await clock.advance(100)
    expect(hub.stats().clients).toBe(0)
    client.environment.setVisible(true)
    await clock.advance(100)
    expect(hub.stats().clients).toBe(1)
    await client.cache.stop()
    void jobs.stop()
    await clock.advance(0)
    expect(hub.stats().clients).toBe(0)
    expect(clock.timers).toBe(0)
  })
})

function dying(clock: { setTimeout(callback: () => void, delay: number): unknown }, text: string): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode(text))
      clock.setTimeout(() => controller.close(), 100)
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}
