import { type SyncResponse } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { running, unchanged, world, type Job } from './world.ts'

describe('validators', () => {
  /** A cache whose calls answer what is next in line, and `unchanged` from then on. */
  function source(...answers: readonly SyncResponse<Job>[]) {
    const rest = [...answers]
    const all = world({
      answer: (batch) => {
        const next = rest.shift()
        return next === undefined ? unchanged(batch) : [next]
      },
    })
    all.cache.start().getOrCreate('a', running())
    return { ...all, validators: () => all.calls.map((call) => call.batch[0]?.validator) }
  }

  it('W11: a new item has none', async () => {
    const { clock, validators } = source()
    await clock.advance(1000)
    expect(validators()).toEqual([undefined, undefined])
  })

  it('W11: that of an update is sent with the next call, by reference', async () => {
    const etag = { weak: true }
    const { clock, validators } = source({ id: 'a', item: running(1), validator: etag })
    await clock.advance(1000)
    expect(validators()[1]).toBe(etag)
  })

  it.each([0, '', false])('W11: %o is one', async (validator) => {
    const { clock, validators } = source({ id: 'a', item: running(1), validator })
    await clock.advance(2000)
    expect(validators()).toEqual([undefined, validator, validator])
  })

  it('W11: an update that changes nothing carries one, too', async () => {
    const { clock, validators } = source({ id: 'a', item: running(), validator: 'v1' })
    await clock.advance(1000)
    expect(validators()).toEqual([undefined, 'v1'])
  })

  it('W11: `unchanged` with one replaces it', async () => {
    const { clock, validators } = source(
      { id: 'a', item: running(1), validator: 'v1' },
      { id: 'a', action: 'unchanged', validator: 'v2' },
    )
    await clock.advance(2000)
    expect(validators()).toEqual([undefined, 'v1', 'v2'])
  })

  it('W11: `unchanged` without one keeps it', async () => {
    const { clock, validators } = source({ id: 'a', item: running(1), validator: 'v1' })
    await clock.advance(3000)
    expect(validators()).toEqual([undefined, 'v1', 'v1', 'v1'])
  })

  it('W11: an update without one clears it', async () => {
    const { clock, validators } = source(
      { id: 'a', item: running(1), validator: 'v1' },
      { id: 'a', item: running(2) },
    )
    await clock.advance(2000)
    expect(validators()).toEqual([undefined, 'v1', undefined])
  })

  it('W11: an update that changes nothing and has none clears it', async () => {
    const { clock, validators } = source(
      { id: 'a', item: running(1), validator: 'v1' },
      { id: 'a', action: 'update', item: running(1) },
    )
    await clock.advance(2000)
    expect(validators()).toEqual([undefined, 'v1', undefined])
  })

  it('W11: a failure keeps it', async () => {
    const { clock, validators } = source(
      { id: 'a', item: running(1), validator: 'v1' },
      { id: 'a', action: 'fail', error: new Error('busy') },
    )
    await clock.advance(2000)
    expect(validators()).toEqual([undefined, 'v1', 'v1'])
  })

  it('W11: an answer that leaves the id out keeps it', async () => {
    let call = 0
    const { cache, clock, calls } = world({
      answer: () => (call++ === 0 ? [{ id: 'a', item: running(1), validator: 'v1' }] : []),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(2000)
    expect(calls.map(({ batch }) => batch[0]?.validator)).toEqual([undefined, 'v1', 'v1'])
  })

  it('W11: a local update clears it', async () => {
    const { cache, clock, validators } = source({ id: 'a', item: running(1), validator: 'v1' })
    await clock.advance(500)
    cache.update('a', running(7))
    await clock.advance(500)
    expect(validators()).toEqual([undefined, undefined])
  })

  it('W11: a local update to an equal value, or to the present one, clears it', async () => {
    const { cache, clock, validators } = source(
      { id: 'a', item: running(1), validator: 'v1' },
      { id: 'a', item: running(1), validator: 'v2' },
    )
    await clock.advance(500)
    cache.update('a', running(1))
    await clock.advance(1000)
    cache.update('a', cache.getOrThrow('a'))
    await clock.advance(500)
    expect(validators()).toEqual([undefined, undefined, undefined])
  })

  it('W11: reading, observing, and getOrCreate do not', async () => {
    const { cache, clock, validators } = source({ id: 'a', item: running(1), validator: 'v1' })
    await clock.advance(500)
    cache.get('a')
    cache.getOrCreate('a', running(5))
    cache.subscribe('a', () => {})
    await clock.advance(500)
    expect(validators()).toEqual([undefined, 'v1'])
  })

  it('W11: an item that is created again has none', async () => {
    const { cache, clock, validators } = source({ id: 'a', item: running(1), validator: 'v1' })
    await clock.advance(500)
    cache.delete('a')
    cache.getOrCreate('a', running())
    await clock.advance(0)
    expect(validators()).toEqual([undefined, undefined])
  })

  it('W11, P4: that of the first answer for a pending item is sent with its next call', async () => {
    const { cache, clock, calls } = world({
      answer: (_, call) => [{ id: 'a', item: running(1), validator: `v${call.at}` }],
    })
    cache.start().getOrCreate('a')
    await clock.advance(1000)
    expect(calls.map(({ batch }) => batch[0]?.validator)).toEqual([undefined, 'v0'])
  })

  it('W11, P5: a pending item that fails keeps none of what came without a value', async () => {
    const { cache, clock, calls } = world({
      answer: () => [{ id: 'a', action: 'unchanged', validator: 'v1' }],
    })
    cache.start().getOrCreate('a')
    await clock.advance(1000)
    expect(calls.map(({ batch }) => batch[0]?.validator)).toEqual([undefined, undefined])
  })

  it('W11, P4: a first value by `update` has none, one by getOrCreate that which came with it', async () => {
    const { cache, clock, lastCall } = world({ batchWindow: 10 })
    cache.start().getOrCreate('a')
    cache.getOrCreate('b')
    cache.update('a', running(1))
    cache.getOrCreate('b', running(1), { validator: 'v1' })
    await clock.advance(10)
    expect(lastCall().batch).toEqual([
      { id: 'a', item: running(1) },
      { id: 'b', item: running(1), validator: 'v1' },
    ])
  })

  it('W11: each item has its own', async () => {
    const { cache, clock, lastCall } = world({
      answer: (batch) => batch.map(({ id }) => ({ id, item: running(), validator: `of ${id}` })),
    })
    cache.start().getOrCreate('a', running())
    cache.getOrCreate('b', running())
    await clock.advance(1000)
    const sent = lastCall().batch.map(({ id, validator }) => [id, validator])
    expect(sent.sort()).toEqual([
      ['a', 'of a'],
      ['b', 'of b'],
    ])
  })
})

describe('the batch of a sync function', () => {
  it('W11: no property at all if there is no validator', async () => {
    const { cache, clock, calls, lastCall } = world({ interval: 10_000 })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    cache.getOrCreate('pending')
    await clock.advance(0)
    expect(lastCall().ids).toEqual(['pending'])
    expect([...calls].map(({ batch }) => batch.map((entry) => Object.keys(entry)))).toEqual([
      [['id', 'item']],
      [['id', 'item']],
    ])
  })
})
