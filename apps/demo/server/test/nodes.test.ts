import { describe, expect, it } from 'vitest'
import { LIMITS, type ErrorBody, type NodeList, type VersionedNode } from '../src/api.ts'
import { Fleet } from '../src/fleet/fleet.ts'
import { changeNode, newNode } from '../src/fleet/node-life.ts'
import { readBody, startFarm } from './start-farm.ts'

const SECOND = 1000

function startFleet(size = 10_000) {
  let time = 0
  const fleet = new Fleet({ size, changesPerSecond: 0.01, now: () => time, random: Math.random })
  return { fleet, pass: (ms: number) => (time += ms) }
}

function changedBetween(before: readonly VersionedNode[], after: readonly VersionedNode[]): number {
  return after.filter((node, index) => node.version !== before[index]?.version).length
}

describe('the fleet', () => {
  it('has as many nodes as asked for, each with its own id, in order', () => {
    const ids = startFleet()
      .fleet.list()
      .map(({ node }) => node.id)
    expect(new Set(ids).size).toBe(10_000)
    expect(ids[0]).toBe('node-00001')
    expect(ids.toSorted()).toEqual(ids)
  })

  it('changes about 1 % of its nodes a second, and none while no time passes', () => {
    const { fleet, pass } = startFleet()
    const before = fleet.list()
    expect(fleet.list()).toEqual(before)
    pass(10 * SECOND)
    // 1,000 changes, some of the same node.
    const changed = changedBetween(before, fleet.list())
    expect(changed).toBeGreaterThan(900)
    expect(changed).toBeLessThanOrEqual(1000)
  })

  it('changes as much when it is asked often as when it is asked once', () => {
    const { fleet, pass } = startFleet(100)
    for (let ms = 0; ms < 20 * SECOND; ms += 50) {
      pass(50)
      fleet.find([])
    }
    const changes = fleet.list().reduce((sum, { version }) => sum + version - 1, 0)
    expect(changes).toBe(20)
  })

  it('catches up after a night with at most one change per node', () => {
    const { fleet, pass } = startFleet(100)
    pass(10 * 3_600 * SECOND)
    const changes = fleet.list().reduce((sum, { version }) => sum + version - 1, 0)
    expect(changes).toBe(100)
    expect(fleet.list().reduce((sum, { version }) => sum + version - 1, 0)).toBe(100)
  })

  it('never goes backwards with the clock', () => {
    const { fleet, pass } = startFleet(100)
    const before = fleet.list()
    pass(-5000)
    expect(fleet.list()).toEqual(before)
  })

  it('keeps load and temperature within what a page can show', () => {
    let node = newNode('a', Math.random)
    const states = new Set<string>()
    for (let change = 0; change < 5000; change++) {
      node = changeNode(node, Math.random)
      states.add(node.state)
      expect(node.load).toBeGreaterThanOrEqual(0)
      expect(node.load).toBeLessThanOrEqual(100)
    }
    expect([...states].toSorted()).toEqual(['busy', 'down', 'hot', 'idle'])
  })
})

describe('GET /api/nodes', () => {
  it('has the whole fleet', async () => {
    const farm = await startFarm({ nodes: 10_000 })
    const { nodes } = await readBody<NodeList>(await farm.send('GET', '/api/nodes'), 200)
    expect(nodes).toHaveLength(10_000)
    expect(nodes[0]).toMatchObject({ node: { id: 'node-00001' }, version: 1 })
  })
})

describe('POST /api/nodes/status', () => {
  it('answers for 1,000 nodes at once, in the order asked', async () => {
    const farm = await startFarm({ nodes: 1000 })
    const ids = Array.from({ length: 1000 }, (_, index) => `node-${String(1000 - index).padStart(4, '0')}`)
    const answers = await farm.nodeStatus(ids.map((id) => ({ id })))
    expect(answers.map(({ id }) => id)).toEqual(ids)
    for (const answer of answers) expect(answer).toMatchObject({ status: 'changed', node: { id: answer.id } })
  })

  it('says unchanged for a version that the caller has, changed once there is another', async () => {
    let time = 0
    const farm = await startFarm({ nodes: 1, now: () => time })
    const [first] = await farm.nodeStatus([{ id: 'node-1' }])
    expect(first).toMatchObject({ status: 'changed', version: 1 })
    expect(await farm.nodeStatus([{ id: 'node-1', version: 1 }])).toEqual([
      { id: 'node-1', status: 'unchanged', version: 1 },
    ])
    // 1 % a second of a single node.
    time = 100 * SECOND
    const [later] = await farm.nodeStatus([{ id: 'node-1', version: 1 }])
    expect(later).toMatchObject({ status: 'changed', version: 2 })
  })

  it('says gone for a node that the fleet does not have', async () => {
    const farm = await startFarm({ nodes: 10 })
    const answers = await farm.nodeStatus([{ id: 'node-11' }, { id: '__proto__' }, { id: 'node-10' }])
    expect(answers.map(({ status }) => status)).toEqual(['gone', 'gone', 'changed'])
  })

  it('takes the most ids, each of the greatest length', async () => {
    const farm = await startFarm()
    const nodes = Array.from({ length: LIMITS.idsPerNodeRequest }, () => ({
      id: 'x'.repeat(LIMITS.nodeIdLength),
      version: 1_000_000,
    }))
    expect(await farm.nodeStatus(nodes)).toHaveLength(LIMITS.idsPerNodeRequest)
  })

  it.each<[string, unknown, RegExp]>([
    ['no ids', {}, /^nodes: Missing/],
    ['jobs', { jobs: [] }, /There is no such field|Missing/],
    ['an empty id', { nodes: [{ id: '' }] }, /^nodes\.0\.id: /],
    ['a version that is not whole', { nodes: [{ id: 'a', version: 0.5 }] }, /^nodes\.0\.version: /],
    [
      'too many ids',
      { nodes: Array.from({ length: 1001 }, () => ({ id: 'a' })) },
      /^nodes: at most 1000 ids in one request/,
    ],
  ])('refuses %s', async (_name, body, message) => {
    const farm = await startFarm()
    const response = await farm.send('POST', '/api/nodes/status', body)
    expect((await readBody<ErrorBody>(response, 400)).error).toMatch(message)
  })
})
