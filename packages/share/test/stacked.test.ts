import { describe, expect, it } from 'vitest'
import { running } from './group.ts'
import { stack, type Tab } from './stack.ts'

/** A stack whose calls wait for the test. They answer with the source's values of their beginning. */
function waitingStack() {
  const answers: (() => void)[] = []
  const world = stack(async (batch) => {
    const items = batch.map(({ id }) => ({ id, item: world.source.get(id) ?? running() }))
    await new Promise<void>((resolve) => answers.push(resolve))
    return items
  })
  return Object.assign(world, { answers })
}

const values = (tabs: readonly Tab[]): (number | undefined)[] => tabs.map(({ cache }) => cache.get('x')?.step)

describe('tabs over hubs over a fleet (H8)', () => {
  it('K2: nine tabs of three browsers cost the source one call an interval, and each browser holds one stream', async () => {
    const { clock, calls, source, browse } = stack()
    await clock.advance(2000)
    const tabs = [0, 1, 2].flatMap((server) => browse(server, 3))
    for (const { cache } of tabs) cache.getOrCreate('x')
    await clock.advance(3000)
    const before = calls.length
    source.set('x', running(7))
    await clock.advance(10_000)
    expect(values(tabs)).toEqual(tabs.map(() => 7))
    expect(calls.length - before).toBe(10)
    expect(tabs.map(({ network }) => network.streams)).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0])
    expect(tabs.flatMap(({ network }) => network.of('status'))).toEqual([])
    for (const { cache } of tabs) expect(cache.stats().syncCalls).toBe(0)
  })

  it.each(['leads', 'follows'])(
    'K4: what a tab that %s writes is not overwritten by a call from before, and then by the next one',
    async (which) => {
      const { clock, source, browse, answers } = waitingStack()
      await clock.advance(2000)
      const tabs = [1, 2].flatMap((server) => browse(server, 2))
      for (const { cache } of tabs) cache.getOrCreate('x')
      await clock.advance(500)
      for (const answer of answers.splice(0)) answer()
      await clock.advance(1100)
      // A call runs that read step 0.
      expect(answers).toHaveLength(1)
      expect(values(tabs)).toEqual([0, 0, 0, 0])
      const writer = tabs[which === 'leads' ? 0 : 1]
      writer?.cache.update('x', running(5))
      source.set('x', running(6))
      await clock.advance(300)
      answers.pop()?.()
      await clock.advance(300)
      expect(writer?.cache.get('x')).toEqual(running(5))
      await clock.advance(1000)
      for (const answer of answers.splice(0)) answer()
      await clock.advance(300)
      expect(values(tabs)).toEqual([6, 6, 6, 6])
    },
  )

  it('K4: a write that the source refused is shown until the next call, although that brings nothing new', async () => {
    const { clock, browse } = stack()
    await clock.advance(2000)
    const tabs = [1, 2].flatMap((server) => browse(server, 2))
    for (const { cache } of tabs) cache.getOrCreate('x')
    await clock.advance(3000)
    tabs[1]?.cache.update('x', running(5))
    await clock.advance(2500)
    expect(values(tabs)).toEqual([0, 0, 0, 0])
  })

  it('K4: a write outlasts the tab that leads, and the call that ran at the server meanwhile', async () => {
    const world = waitingStack()
    const { clock, source, browse, answers } = world
    await clock.advance(2000)
    const [first, second] = browse(1, 2)
    for (const tab of [first, second]) tab?.cache.getOrCreate('x')
    await clock.advance(500)
    for (const answer of answers.splice(0)) answer()
    await clock.advance(1100)
    // A call runs that read step 0.
    expect(answers).toHaveLength(1)
    world.latency = () => 200
    void first?.cache.stop()
    await clock.advance(100)
    // The next tab leads, and has no stream yet.
    expect(second?.cache.stats().role).toBe('leader')
    second?.cache.update('x', running(5))
    source.set('x', running(6))
    await clock.advance(300)
    expect(second?.network.streams).toBe(1)
    answers.pop()?.()
    await clock.advance(300)
    expect(second?.cache.get('x')).toEqual(running(5))
    await clock.advance(1000)
    for (const answer of answers.splice(0)) answer()
    await clock.advance(300)
    expect(second?.cache.get('x')).toEqual(running(6))
  })

  it('K5: a refresh in a tab is a call that began later, and rejects with its error', async () => {
    let isDown = false
    const world = stack((batch) => {
      if (isDown) throw Object.assign(new Error('down'), { status: 500 })
      return batch.map(({ id }) => ({ id, item: world.source.get(id) ?? running() }))
    })
    const { clock, calls, source, browse } = world
    await clock.advance(2000)
    const tabs = [0, 2].flatMap((server) => browse(server, 2))
    for (const { cache } of tabs) cache.getOrCreate('x')
    await clock.advance(3020)
    for (const { cache } of tabs) {
      source.set('x', running((source.get('x')?.step ?? 0) + 1))
      const before = calls.length
      const refreshed = cache.refresh('x')
      await clock.advance(2500)
      await refreshed
      expect(calls.length).toBeGreaterThan(before)
      expect(cache.get('x')).toEqual(source.get('x'))
    }
    isDown = true
    const failed = tabs[1]?.cache.refresh('x')
    await clock.advance(3000)
    await expect(failed).rejects.toMatchObject({ message: 'down', status: 500 })
  })

  it('K16: nothing is left of a tab that leads and stops', async () => {
    const { clock, browse } = stack()
    await clock.advance(2000)
    const tabs = browse(0, 1)
    const before = clock.timers
    tabs[0]?.cache.getOrCreate('x')
    await clock.advance(3000)
    expect(tabs[0]?.network.streams).toBe(1)
    await tabs[0]?.cache.stop()
    expect(tabs[0]?.network.streams).toBe(0)
    expect(clock.timers).toBeLessThanOrEqual(before + 1)
  })
})
