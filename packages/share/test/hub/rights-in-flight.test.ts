import { describe, expect, it } from 'vitest'
import { running } from '../group.ts'
import { openStream, post, statesOf } from './raw-client.ts'
import { site } from './site.ts'

describe('rights that are lost while something runs', () => {
  it('H2: a refresh that runs while the right is lost brings nothing of the item', async () => {
    let isAllowed = true
    let answer: (() => void) | undefined
    const { clock, hub } = site({
      interval: 600_000,
      options: { mayRead: () => isAllowed },
      answer: (ids) =>
        new Promise((resolve) => {
          answer = () => resolve(ids.map((id) => ({ id, item: running(7) })))
        }),
    })
    const stream = await openStream(hub.fetch, 'a', [])
    const ask = { type: 'ask', n: 2, refresh: [{ ticket: 1, ids: ['x'] }] }
    expect((await hub.fetch(post('ask', { from: 'a', asks: [ask] }))).status).toBe(204)
    await clock.advance(100)
    isAllowed = false
    await hub.revoke(() => true)
    await clock.advance(10)
    answer?.()
    await clock.advance(100)
    expect(JSON.stringify(stream.frames)).not.toContain('"step":7')
    expect(statesOf(stream, 'x').filter(({ item }) => item !== undefined)).toEqual([])
  })

  it('H2: a right that was looked at before `revoke` does not count after it (an ask)', async () => {
    let isAllowed = true
    let isSlow = false
    const { clock, hub, jobs } = site({
      options: {
        mayRead: () => {
          const answer = isAllowed
          return isSlow
            ? new Promise((resolve) => {
                clock.setTimeout(() => resolve(answer), 500)
              })
            : answer
        },
      },
    })
    jobs.getOrCreate('x')
    await clock.advance(100)
    const stream = await openStream(hub.fetch, 'a', ['y'])
    isSlow = true
    const asked = hub.fetch(post('ask', { from: 'a', asks: [{ type: 'ask', n: 2, add: [{ id: 'x' }] }] }))
    await clock.advance(100)
    isAllowed = false
    isSlow = false
    await hub.revoke(() => true)
    await clock.advance(1000)
    await asked
    await clock.advance(5000)
    expect(statesOf(stream, 'x').filter(({ item }) => item !== undefined)).toEqual([])
  })

  it('H2: a right that was looked at before `revoke` does not count after it (an opening)', async () => {
    let isAllowed = true
    let isSlow = true
    const { clock, hub, jobs } = site({
      options: {
        mayRead: () => {
          const answer = isAllowed
          return isSlow
            ? new Promise((resolve) => {
                clock.setTimeout(() => resolve(answer), 500)
              })
            : answer
        },
      },
    })
    jobs.getOrCreate('x')
    await clock.advance(100)
    const opening = openStream(hub.fetch, 'a', ['x'])
    await clock.advance(100)
    isAllowed = false
    isSlow = false
    await hub.revoke(() => true)
    await clock.advance(1000)
    const stream = await opening
    await clock.advance(5000)
    expect(statesOf(stream, 'x').filter(({ item }) => item !== undefined)).toEqual([])
  })

  it('H2: a write of what may not be read any more tells nothing of it', async () => {
    let isAllowed = true
    const { clock, hub } = site({ interval: 1000, options: { mayRead: (_, id) => id !== 'x' || isAllowed } })
    const stream = await openStream(hub.fetch, 'a', ['x'])
    await clock.advance(1500)
    isAllowed = false
    await hub.revoke(() => true)
    await clock.advance(10)
    const before = statesOf(stream, 'x').length
    await hub.fetch(post('ask', { from: 'a', asks: [{ type: 'ask', n: 2, wrote: ['x'] }] }))
    await hub.fetch(
      post('ask', { from: 'a', asks: [{ type: 'ask', n: 3, refresh: [{ ticket: 1, ids: ['x'] }] }] }),
    )
    await clock.advance(5000)
    expect(
      statesOf(stream, 'x')
        .slice(before)
        .filter((state) => !('error' in state)),
    ).toEqual([])
  })

  it('H2: status does not answer with a right that was lost while it waited', async () => {
    let isAllowed = true
    let answer: (() => void) | undefined
    const { clock, hub } = site({
      options: { mayRead: () => isAllowed },
      answer: (ids) =>
        new Promise((resolve) => {
          answer = () => resolve(ids.map((id) => ({ id, item: running(7) })))
        }),
    })
    const asked = hub.fetch(post('status', { ids: [{ id: 'x' }] }))
    await clock.advance(100)
    isAllowed = false
    await hub.revoke(() => true)
    answer?.()
    await clock.advance(100)
    const text = await (await asked).text()
    expect(text).not.toContain('"step":7')
  })

  it('H1, K8: ids such as __proto__, and odd bodies, are handled as others', async () => {
    const { clock, hub } = site()
    const stream = await openStream(hub.fetch, 'a', ['__proto__', 'constructor'])
    await clock.advance(2000)
    expect(statesOf(stream, '__proto__').at(-1)).toMatchObject({ id: '__proto__' })
    expect(statesOf(stream, 'constructor').at(-1)).toMatchObject({ id: 'constructor' })
    for (const body of [
      { from: 'a', asks: [null] },
      { from: 'a', asks: [[]] },
      { from: 1, asks: [] },
      { from: 'a' },
      { from: 'a', asks: [{ type: 'ask', n: -1 }] },
    ]) {
      expect((await hub.fetch(post('ask', body))).status).toBe(400)
    }
  })

  it('H9: an opening whose client leaves in authorize, body or mayRead leaves nothing behind', async () => {
    const { clock, hub, jobs } = site({
      options: {
        mayRead: () =>
          new Promise((resolve) => {
            clock.setTimeout(() => resolve(true), 500)
          }),
      },
    })
    const abort = new AbortController()
    const opened = hub.fetch(
      post(
        'stream',
        { from: 'a', asks: [{ type: 'ask', n: 1, full: true, add: [{ id: 'x' }] }] },
        {},
        abort.signal,
      ),
    )
    await clock.advance(100)
    abort.abort()
    await clock.advance(1000)
    await opened
    expect(hub.stats()).toEqual({ clients: 0, ids: 0 })
    expect(jobs.size).toBe(0)
  })

  it('K5: the same ticket asked twice is one refresh, and both get done', async () => {
    let asked = 0
    let answers: (() => void)[] = []
    const { clock, hub } = site({
      interval: 600_000,
      answer: (ids) => {
        asked += 1
        return new Promise((resolve) => {
          answers.push(() => resolve(ids.map((id) => ({ id, item: running(7) }))))
        })
      },
    })
    const stream = await openStream(hub.fetch, 'a', [])
    for (const n of [2, 3])
      await hub.fetch(
        post('ask', { from: 'a', asks: [{ type: 'ask', n, refresh: [{ ticket: 1, ids: ['x'] }] }] }),
      )
    await clock.advance(100)
    for (let i = 0; i < 5; i += 1) {
      for (const answer of answers) answer()
      answers = []
      await clock.advance(2000)
    }
    // The `done` was lost with an older stream: it is asked again.
    await hub.fetch(
      post('ask', { from: 'a', asks: [{ type: 'ask', n: 4, refresh: [{ ticket: 1, ids: ['x'] }] }] }),
    )
    for (let i = 0; i < 5; i += 1) {
      for (const answer of answers) answer()
      answers = []
      await clock.advance(2000)
    }
    expect({ asked, done: stream.frames.filter(({ type }) => type === 'done').length }).toEqual({
      asked: 1,
      done: 2,
    })
  })
})
