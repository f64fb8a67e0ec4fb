import { describe, expect, it } from 'vitest'
import { inCall, remote, settle } from './item-in-call.ts'
import { running, unchanged, world, type Job, type World } from './world.ts'

describe('a delete during the call', () => {
  it('W6, D3: nothing brings the item back', async () => {
    const all = await inCall()
    all.cache.delete('a')
    await settle(all, remote)
    expect(all.cache.has('a')).toBe(false)
    expect(all.events.filter((event) => event.type === 'created')).toHaveLength(1)
    await all.clock.advance(5000)
    expect(all.calls).toHaveLength(1)
  })

  it('W6: a deletion that the call brings is not told a second time', async () => {
    const all = await inCall()
    all.cache.delete('a')
    await settle(all, { id: 'a', action: 'delete' })
    expect(all.events.filter((event) => event.type === 'deleted')).toHaveLength(1)
  })
})

describe('a delete and a creation during the call', () => {
  async function recreated(options: Parameters<typeof world<Job>>[0] = {}): Promise<World<Job>> {
    const all = await inCall(options)
    all.cache.delete('a')
    all.cache.getOrCreate('a', running(2))
    return all
  }

  it('W6, D3: the value of the old call does not land in the new item', async () => {
    const all = await recreated()
    await settle(all, remote)
    expect(all.cache.get('a')).toEqual(running(2))
  })

  it('W6, D3: the value of the old call does not land in a new item that is the same object', async () => {
    const all = await inCall()
    const item = all.cache.getOrThrow('a')
    all.cache.delete('a')
    all.cache.getOrCreate('a', item)
    await settle(all, remote)
    expect(all.cache.get('a')).toBe(item)
  })

  it('W6: a deletion by the old call does not delete the new item', async () => {
    const all = await recreated()
    await settle(all, { id: 'a', action: 'delete' })
    expect(all.cache.get('a')).toEqual(running(2))
  })

  it('W6: an id that the old call leaves out does not delete the new item', async () => {
    const all = await recreated({ missing: 'delete' })
    await settle(all)
    expect(all.cache.get('a')).toEqual(running(2))
  })

  it('W6: the validator of the old call does not land in the new item', async () => {
    const all = await recreated()
    await settle(all, remote)
    expect(all.calls).toHaveLength(2)
    expect(all.lastCall().batch[0]?.validator).toBeUndefined()
    expect(all.lastCall().batch[0]?.item).toEqual(running(2))
  })

  it('W6: the old call is no success of the new item', async () => {
    const all = await recreated()
    await settle(all, remote)
    expect(all.cache.getSnapshot('a')).toMatchObject({ refreshedAt: undefined, unchangedCount: 0 })
  })

  it('W6: the old call is no failure of the new item', async () => {
    for (const own of [true, false]) {
      const all = await recreated()
      if (own) all.lastCall().answer([{ id: 'a', action: 'fail', error: 'busy' }])
      else all.lastCall().fail(new Error('down'))
      await all.clock.advance(0)
      expect(all.cache.getSnapshot('a')).toMatchObject({ error: undefined, failureCount: 0 })
    }
  })

  it('W6: a delete and a creation in the sync function count, too', async () => {
    let first = true
    const all: World<Job> = world({
      answer: (batch) => {
        if (!first) return unchanged(batch)
        first = false
        all.cache.delete('a')
        all.cache.getOrCreate('a', running(2))
        return [remote]
      },
    })
    all.cache.start().getOrCreate('a', running(1))
    await all.clock.advance(0)
    expect(all.cache.get('a')).toEqual(running(2))
    expect(all.calls).toHaveLength(2)
  })

  it('W6: the call of the new item is heard', async () => {
    const all = await recreated()
    await settle(all, remote)
    await settle(all, { id: 'a', item: running(3) })
    expect(all.cache.get('a')).toEqual(running(3))
  })
})
