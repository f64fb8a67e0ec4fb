import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Running } from '../src/running.ts'

/** The defaults. */
const LEASE = 5000
const FAIL_OVER = (LEASE * 4) / 3
const INTERVAL = 1000
const OPTIONS = { lease: LEASE, commandTimeout: 1000, interval: INTERVAL }

describe('three processes, and a server or a network that fails', () => {
  let fleet: Running
  beforeEach(async () => {
    fleet = await Running.start({ ...OPTIONS, hasProxies: true })
    await fleet.settled(['x', 'y'])
  })
  afterEach(() => fleet[Symbol.asyncDispose]())

  it('K2: the source is asked once an interval, also over half a minute with changes', async () => {
    const at = performance.now()
    for (let second = 0; second < 30; second++) {
      fleet.source.change('x')
      await fleet.wait(1000)
    }
    const calls = fleet.source.since(at).length
    expect(calls).toBeGreaterThanOrEqual(27)
    expect(calls).toBeLessThanOrEqual(31)
  })

  it(
    'V2: a killed leader is replaced within a lease and a third, ten times',
    { timeout: 300_000 },
    async () => {
      const late: number[] = []
      for (let round = 0; round < 10; round++) {
        const leader = await fleet.leader()
        leader.signal('SIGKILL')
        const at = performance.now()
        await fleet.until(async () => fleet.source.since(at + 20).length > 0)
        late.push((fleet.source.since(at + 20)[0]?.at ?? Infinity) - at)
        await fleet.restart(leader)
        await fleet.settled(['x', 'y'])
      }
      process.stderr.write(`fail-over after kill -9, ms: ${late.map(Math.round).join(' ')}\n`)
      expect(Math.max(...late)).toBeLessThanOrEqual(FAIL_OVER + INTERVAL)
    },
  )

  it('V2: a stopped leader that goes on late asks nothing and stores nothing', async () => {
    const leader = await fleet.leader()
    fleet.source.delay = 300
    await fleet.nextCall()
    leader.signal('SIGSTOP')
    fleet.source.delay = 0
    await fleet.wait(FAIL_OVER + 500)
    const step = fleet.source.change('x')
    await fleet.wait(INTERVAL + 500)
    const at = performance.now()
    leader.signal('SIGCONT')
    for (const { name, items } of await fleet.seenUntil(3000))
      if (name !== leader.name) expect(items['x']).toBe(step)
    expect(fleet.source.since(at).filter(({ by }) => by === leader.name)).toEqual([])
    await fleet.settled(['x', 'y'])
  })

  it('V6: while the server is away each process polls for itself; after an empty restart they share again', async () => {
    await fleet.server.kill()
    fleet.source.change('x')
    await fleet.until(async () => (await fleet.see()).every(({ role }) => role === 'alone'))
    const step = fleet.source.change('x')
    await fleet.until(async () => (await fleet.see()).every(({ items }) => items['x'] === step))
    await fleet.server.start()
    const at = performance.now()
    await fleet.settled(['x', 'y'])
    expect(performance.now() - at).toBeLessThanOrEqual(FAIL_OVER + 1000)
    const later = performance.now()
    await fleet.wait(5000)
    expect(fleet.source.since(later).length).toBeLessThanOrEqual(7)
  })

  it('V6: a server that answers after 1.5 s is treated as away, and nothing waits for it', async () => {
    await fleet.network({ kind: 'slow', latency: 1500, bytesPerSecond: 1e6 })
    await fleet.until(async () => (await fleet.see()).every(({ role }) => role === 'alone'))
    const step = fleet.source.change('x')
    const at = performance.now()
    await fleet.until(async () => (await fleet.see()).every(({ items }) => items['x'] === step))
    expect(performance.now() - at).toBeLessThanOrEqual(2 * INTERVAL + 500)
    await fleet.network({ kind: 'none' })
    await fleet.settled(['x', 'y'])
  })

  it('V6: a leader that alone is cut off is replaced, and comes back as a follower', async () => {
    const leader = await fleet.leader()
    const index = fleet.all.indexOf(leader)
    const at = performance.now()
    await fleet.network({ kind: 'half-open' }, index)
    await fleet.until(async () => fleet.source.since(at).some(({ by }) => by !== leader.name))
    const next = fleet.source.since(at).find(({ by }) => by !== leader.name)
    expect(next?.at).toBeLessThanOrEqual(at + FAIL_OVER + INTERVAL)
    const step = fleet.source.change('x')
    await fleet.until(async () => (await fleet.see()).every(({ items }) => items['x'] === step))
    await fleet.network({ kind: 'none' }, index)
    await fleet.settled(['x', 'y'])
  })

  it('V4: connections that are reset again and again lose no change', async () => {
    for (let round = 0; round < 20; round++) {
      await fleet.network({ kind: 'reset' }, round % 3)
      await fleet.network({ kind: 'none' }, round % 3)
      fleet.source.change('x')
      await fleet.wait(300)
    }
    await fleet.settled(['x', 'y'])
  })

  it('V6: a full server is treated as away, until it has space', async () => {
    await fleet.server.command('CONFIG', 'SET', 'maxmemory', '1')
    await fleet.until(async () => (await fleet.see()).every(({ role }) => role === 'alone'))
    const step = fleet.source.change('x')
    await fleet.until(async () => (await fleet.see()).every(({ items }) => items['x'] === step))
    await fleet.server.command('CONFIG', 'SET', 'maxmemory', '0')
    await fleet.settled(['x', 'y'])
  })
})
