import { describe, expect, it } from 'vitest'
import { running } from '../group.ts'
import { openStream, post, type RawStream, statesOf, wants } from './raw-client.ts'
import { site, type User } from './site.ts'

const lastState = (stream: RawStream, id: string): unknown => statesOf(stream, id).at(-1)

const notFound = (id: string): unknown =>
  expect.objectContaining({
    id,
    error: { name: 'AutoRefreshError', code: 'NOT_FOUND', message: `there is no item "${id}"` },
  })

describe('rights at a hub', () => {
  it('H2: both checks are required', () => {
    expect(() => site({ options: { authorize: undefined } as never })).toThrow(TypeError)
    expect(() => site({ options: { mayRead: undefined } as never })).toThrow(TypeError)
  })

  it('H2: who is nobody gets 401, before anything is read or created', async () => {
    const { hub, jobs, clock } = site()
    const request = new Request('https://hub.test/stream', { method: 'POST', body: 'no json' })
    expect((await hub.fetch(request)).status).toBe(401)
    await clock.advance(100)
    expect(jobs.size).toBe(0)
  })

  it('H2: what may not be read looks as if it did not exist, and is never asked for', async () => {
    const { clock, hub, calls, jobs } = site({
      answer: (ids) => ids.flatMap((id) => (id === 'absent' ? [] : [{ id, item: running() }])),
      options: { mayRead: (_, id) => id !== 'secret' },
    })
    jobs.getOrCreate('secret')
    await clock.advance(100)
    calls.length = 0
    jobs.delete('secret')
    const stream = await openStream(hub.fetch, 'a', ['secret', 'absent', 'x'])
    await clock.advance(2000)
    expect(lastState(stream, 'secret')).toEqual(notFound('secret'))
    expect(lastState(stream, 'x')).not.toHaveProperty('error')
    expect(calls.flat()).not.toContain('secret')
    const anonymous = (state: unknown): string =>
      JSON.stringify(state)
        .replaceAll(/secret|absent/g, 'id')
        .replaceAll(/"seq":\d+/g, '')
    expect(anonymous(lastState(stream, 'absent'))).toBe(anonymous(lastState(stream, 'secret')))
  })

  it('H2: a refresh of what may not be read is a refresh of nothing', async () => {
    const { clock, hub, calls } = site({ options: { mayRead: (_, id) => id !== 'secret' } })
    const stream = await openStream(hub.fetch, 'a', [])
    const ask = { type: 'ask', n: 2, refresh: [{ ticket: 1, ids: ['secret', 'x'] }] }
    expect((await hub.fetch(post('ask', { from: 'a', asks: [ask] }))).status).toBe(204)
    await clock.advance(100)
    expect(stream.frames.find(({ type }) => type === 'done')?.body['results']).toEqual([
      { id: 'x' },
      notFound('secret'),
    ])
    expect(calls).toEqual([['x']])
  })

  it('H2: nobody changes, ends, replaces or attaches to what another opened', async () => {
    const { clock, hub } = site()
    const mine = await openStream(hub.fetch, 'a', ['x'])
    const ask = { type: 'ask', n: 2, remove: ['x'] }
    expect((await hub.fetch(post('ask', { from: 'a', asks: [ask] }, { user: 'you' }))).status).toBe(409)
    const yours = await openStream(hub.fetch, 'a', ['y'], { user: 'you' })
    await clock.advance(1000)
    expect(mine.isEnded).toBe(false)
    expect(hub.stats()).toEqual({ clients: 2, ids: 2 })
    expect(lastState(yours, 'x')).toBe(undefined)
  })

  it('H2: an opening whose check throws, or takes over 1 s, gets 503', async () => {
    const broken = site({ options: { mayRead: () => Promise.reject(new Error('database')) } })
    expect((await broken.hub.fetch(post('stream', { from: 'a', asks: [wants('x')] }))).status).toBe(503)
    const slow = site({ options: { authorize: () => new Promise(() => undefined) } })
    const answer = slow.hub.fetch(post('stream', { from: 'a', asks: [wants('x')] }))
    await slow.clock.advance(1000)
    expect((await answer).status).toBe(503)
    expect(slow.hub.stats()).toEqual({ clients: 0, ids: 0 })
  })

  it('H2: The check falls over', async () => {
    let isBroken = false
    const taken = new Set<string>()
    const { clock, hub, source } = site({
      interval: 5000,
      options: {
        mayRead: (_, id) => {
          if (isBroken) throw new Error('database')
          return !taken.has(id)
        },
      },
    })
    const streams: RawStream[] = []
    for (let index = 0; index < 100; index += 1)
      streams.push(await openStream(hub.fetch, `c${index}`, ['x', 'y']))
    await clock.advance(1000)
    isBroken = true
    void hub.revoke(() => true)
    await clock.advance(15_000)
    // The last right held for one more try; since then nothing is sent, beats aside.
    for (const { frames } of streams) frames.length = 0
    source.set('x', running(1))
    expect((await hub.fetch(post('stream', { from: 'new', asks: [wants('x')] }))).status).toBe(503)
    await clock.advance(15_000)
    for (const { frames, isEnded } of streams) {
      expect(isEnded).toBe(false)
      expect(new Set(frames.map(({ type }) => type))).toEqual(new Set(['beat']))
    }
    isBroken = false
    await clock.advance(10_000)
    for (const stream of streams) {
      expect(stream.frames.flatMap(({ body }) => body['states'] ?? [])).toContainEqual(
        expect.objectContaining({ id: 'x', item: running(1) }),
      )
      expect(stream.frames.flatMap(({ body }) => body['gone'] ?? [])).toEqual([])
    }
    taken.add('y')
    await clock.advance(305_000)
    for (const stream of streams) expect(lastState(stream, 'y')).toEqual(notFound('y'))
    taken.clear()
    await clock.advance(305_000)
    for (const stream of streams) expect(lastState(stream, 'y')).not.toEqual(notFound('y'))
    taken.add('y')
    await hub.revoke(() => true)
    await clock.advance(10)
    for (const stream of streams) expect(lastState(stream, 'y')).toEqual(notFound('y'))
    expect(hub.stats()).toEqual({ clients: 100, ids: 1 })
  })

  it('H2: renewals are spread over 5 minutes, and a principal that is nobody any more loses its stream', async () => {
    const asked: number[] = []
    const users = new Map<string, User>([['me', { id: 'me' }]])
    let draws = 0
    const { clock, hub } = site({
      interval: 100_000,
      options: {
        authorize: (request) => {
          asked.push(clock.now())
          return users.get(request.headers.get('user') ?? '')
        },
        random: () => ((draws += 1) % 100) / 100,
      },
    })
    const streams: RawStream[] = []
    for (let index = 0; index < 100; index += 1) streams.push(await openStream(hub.fetch, `c${index}`, ['x']))
    asked.length = 0
    await clock.advance(300_000)
    const perBeat = countBy(asked)
    expect(asked.length).toBeGreaterThanOrEqual(100)
    expect(Math.max(...perBeat.values())).toBeLessThan(10)
    users.clear()
    await hub.revoke(({ id }) => id === 'you')
    expect(hub.stats().clients).toBe(100)
    await hub.revoke(({ id }) => id === 'me')
    await clock.advance(0)
    expect(hub.stats()).toEqual({ clients: 0, ids: 0 })
    expect(streams.every(({ isEnded }) => isEnded)).toBe(true)
  })

  it('K8: what is malformed, too long, or of another version or page is rejected', async () => {
    const { hub } = site({ options: { limits: { bytes: 1000 } } })
    const status = async (request: Request): Promise<number> => (await hub.fetch(request)).status
    const text = (body: string, type = 'application/json'): Request =>
      new Request('https://hub.test/stream', {
        method: 'POST',
        body,
        headers: { 'content-type': type, user: 'me' },
      })
    // A form of another origin can send text, but no JSON.
    expect(await status(text('{"v":1,"shape":"","from":"a","asks":[]}', 'text/plain'))).toBe(415)
    expect(await status(text('{'))).toBe(400)
    expect(await status(text('[]'))).toBe(400)
    expect(await status(text('null'))).toBe(400)
    expect(await status(text('{"v":0}'))).toBe(426)
    expect(await status(post('stream', { from: 'a', asks: [], shape: 'other' }))).toBe(426)
    expect(await status(post('stream', { from: 'a', asks: 'all' }))).toBe(400)
    expect(await status(post('stream', { from: 'a', asks: [{ type: 'answers' }] }))).toBe(400)
    expect(await status(post('stream', { from: 'a', asks: [{ type: 'ask', n: -1 }] }))).toBe(400)
    expect(await status(post('stream', { from: 7, asks: [] }))).toBe(400)
    expect(await status(post('stream', { from: 'a', asks: [wants('x'.repeat(2000))] }))).toBe(413)
    expect(await status(post('status', { ids: [{ id: 7 }] }))).toBe(400)
    expect(await status(post('status', { ids: {} }))).toBe(400)
  })

  it('K8: a client has a number of ids, and a refresh of an id a second', async () => {
    const { clock, hub, calls } = site({ interval: 100_000, options: { limits: { ids: 2 } } })
    const stream = await openStream(hub.fetch, 'a', ['x', 'y', 'z'])
    await clock.advance(100)
    expect(lastState(stream, 'z')).toMatchObject({ error: { code: 'LIMIT' } })
    const before = calls.length
    for (let n = 2; n < 52; n += 1) {
      await hub.fetch(
        post('ask', { from: 'a', asks: [{ type: 'ask', n, refresh: [{ ticket: n, ids: ['x'] }] }] }),
      )
      await clock.advance(100)
    }
    await clock.advance(3000)
    expect(calls.length - before).toBeLessThanOrEqual(7)
    expect(stream.frames.filter(({ type }) => type === 'done')).toHaveLength(50)
  })
})

function countBy(times: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const time of times) counts.set(time, (counts.get(time) ?? 0) + 1)
  return counts
}
