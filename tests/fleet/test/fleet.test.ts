import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Running } from '../src/running.ts'
import type { Call } from '../src/source.ts'

/** Shorter than the default, so that a fail-over takes no longer than a test may. */
const LEASE = 3000
const INTERVAL = 500

describe('three processes and a real server, under the documented rights', () => {
  let fleet: Running
  beforeAll(async () => {
    fleet = await Running.start({ lease: LEASE, commandTimeout: 1000, interval: INTERVAL })
  })
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]()
  })

  it('K2: the source is asked once an interval', async () => {
    await fleet.settled(['x', 'y'])
    const at = performance.now()
    await fleet.wait(3000)
    const calls = fleet.source.since(at)
    expect(calls.length).toBeGreaterThanOrEqual(5)
    expect(calls.length).toBeLessThanOrEqual(7)
    expect(new Set(calls.map(({ by }) => by)).size).toBe(1)
    expect(calls.every(({ ids }) => ids.length === 2)).toBe(true)
  })

  it('K4: a write is not overwritten by the answer to an earlier call', async () => {
    const leader = await fleet.leader()
    const follower = fleet.all.find((each) => each !== leader)
    fleet.source.delay = 300
    // A call of the leader is under way, and its answer is from before the write.
    await fleet.nextCall()
    await follower?.update('x', 100)
    const shown: (number | undefined)[] = []
    await fleet.until(async () => {
      const step = (await follower?.see())?.items['x']
      shown.push(step)
      return step !== 100
    })
    const [written] = shown.splice(0, 1)
    expect(written).toBe(100)
    const lifted = fleet.source.calls.length
    expect(lifted).toBeGreaterThan(1)
    fleet.source.delay = 0
    fleet.source.change('x')
    await fleet.settled(['x', 'y'])
  })

  it('V2, V3: a leader that is stopped is replaced, and overwrites nothing when it goes on', async () => {
    const leader = await fleet.leader()
    fleet.source.delay = 300
    await fleet.nextCall()
    // The answer to its call waits in its socket.
    leader.signal('SIGSTOP')
    const stoppedAt = performance.now()
    fleet.source.delay = 0
    const step = fleet.source.change('x')
    const callOf = (): Call | undefined =>
      fleet.source.since(stoppedAt + 50).find(({ by, ids }) => by !== leader.name && ids.includes('x'))
    await fleet.until(async () => callOf() !== undefined)
    const others = fleet.all.filter((each) => each !== leader)
    await fleet.until(async () => {
      const seen = await Promise.all(others.map((each) => each.see()))
      return seen.every(({ items }) => items['x'] === step)
    })
    leader.signal('SIGCONT')
    const wokenAt = performance.now()
    const seen = await fleet.seenUntil(1500)
    // No process shows an older value, or the call of a second leader.
    for (const { name, items } of seen) if (name !== leader.name) expect(items['x']).toBe(step)
    expect(fleet.source.since(wokenAt).filter(({ by }) => by === leader.name)).toEqual([])
    await fleet.settled(['x', 'y'])
  })

  it('V2: a leader that is killed is replaced (how fast: faults.test.ts)', async () => {
    const leader = await fleet.leader()
    leader.signal('SIGKILL')
    const at = performance.now()
    await fleet.until(async () => fleet.source.since(at + 20).length > 0)
    await fleet.restart(leader)
    await fleet.settled(['x', 'y'])
  })

  it('V3, V5: FLUSHALL makes no fence older, and costs no call more', async () => {
    const { epoch } = await (await fleet.leader()).see()
    const at = performance.now()
    await fleet.server.command('FLUSHALL')
    await fleet.wait(2000)
    expect(fleet.source.since(at).length).toBeLessThanOrEqual(2000 / INTERVAL + 2)
    await fleet.settled(['x', 'y'])
    expect((await (await fleet.leader()).see()).epoch).toBeGreaterThan(epoch)
  })
})
