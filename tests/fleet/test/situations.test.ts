// Of the twelve situations that went wrong elsewhere, those that a real server may show in another light than its model.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Running } from '../src/running.ts'

/** The defaults, ms. */
const LEASE = 5000
const FAIL_OVER = (LEASE * 4) / 3
const COMMAND_TIMEOUT = 1000
const INTERVAL = 1000

describe('three processes and a real server', () => {
  let fleet: Running
  beforeEach(async () => {
    fleet = await Running.start({ lease: LEASE, commandTimeout: COMMAND_TIMEOUT, interval: INTERVAL })
    await fleet.settled(['x', 'y'])
  })
  afterEach(() => fleet[Symbol.asyncDispose]())

  it('Only the leader is ill (K18): another asks a lease and a third after the first failure', async () => {
    const ill = await fleet.leader()
    fleet.source.refused = ill.name
    const at = performance.now()
    const byOthers = () => fleet.source.since(at).find(({ by }) => by !== ill.name)
    await fleet.until(async () => byOthers() !== undefined)
    const failedAt = fleet.source.since(at)[0]?.at ?? Infinity
    const late = (byOthers()?.at ?? Infinity) - failedAt
    process.stderr.write(`another process asked, after the leader’s first failure: ${Math.round(late)} ms\n`)
    // The second is the machine's.
    expect(late).toBeLessThanOrEqual(FAIL_OVER + 1000)
    const step = fleet.source.change('x')
    // Also the ill one shows what the others find, and no error of its own.
    await fleet.until(async () =>
      (await fleet.see()).every(({ items, failing }) => items['x'] === step && failing.length === 0),
    )
    const later = performance.now()
    await fleet.wait(3 * INTERVAL)
    const calls = fleet.source.since(later)
    expect(calls.length).toBeLessThanOrEqual(4)
    expect(new Set(calls.map(({ by }) => by)).size).toBe(1)
    expect(calls.filter(({ by }) => by === ill.name)).toEqual([])
  })

  it('Waking (K7): three processes miss twice the lease; a call an item follows, and nobody is alone', async () => {
    const roles = async () => new Map((await fleet.see()).map((seen) => [seen.name, seen.roles.length]))
    const before = await roles()
    for (const each of fleet.all) each.signal('SIGSTOP')
    await fleet.wait(2 * LEASE)
    const step = fleet.source.change('x')
    const at = performance.now()
    for (const each of fleet.all) each.signal('SIGCONT')
    await fleet.until(async () => (await fleet.see()).every(({ items }) => items['x'] === step))
    process.stderr.write(
      `all processes were right, after they woke: ${Math.round(performance.now() - at)} ms\n`,
    )
    await fleet.settled(['x', 'y'])
    await fleet.wait(2 * INTERVAL)
    const seconds = Math.ceil((performance.now() - at) / INTERVAL)
    for (const id of ['x', 'y']) {
      const calls = fleet.source.since(at).filter(({ ids }) => ids.includes(id))
      // One an interval, and one more for the change of leader (K2).
      expect(calls.length).toBeLessThanOrEqual(seconds + 1)
    }
    for (const { name, roles: all } of await fleet.see()) {
      expect(all.slice(before.get(name))).not.toContain('alone')
    }
  })
})
