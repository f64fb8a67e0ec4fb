import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '@auto-refresh/core/adapter'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { READ, RELEASE, RENEW, type Script, TAKE, TELL } from '../../../packages/share/src/fleet/scripts.ts'
import { MemoryServer } from '../../../packages/share/test/fleet/memory-server.ts'
import { Server } from '../src/server.ts'

const [LEASE_KEY, FENCE_KEY] = ['t:{1}:lease', 't:{1}:fence'] as const
const SCRIPTS: Readonly<Record<string, Script>> = { TAKE, RENEW, RELEASE, TELL, READ }

let server: Server
let client: ReturnType<typeof createClient>
beforeAll(async () => {
  server = await Server.start()
  client = createClient({ url: server.url })
  await client.connect()
})
afterAll(async () => {
  client.destroy()
  await server[Symbol.asyncDispose]()
})

const evaluate = (script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown> =>
  client.eval(script.source, { keys: [...keys], arguments: [...args] })

const take = (token: string, seen = 0): Promise<unknown> =>
  evaluate(TAKE, [LEASE_KEY, FENCE_KEY], [token, '60000', String(seen), '600000'])

const fenceOf = (taken: unknown): number => (Array.isArray(taken) ? Number(taken[1]) : Number.NaN)

describe('the scripts at a real server', () => {
  it.each(Object.entries(SCRIPTS))(
    'V3: the name of %s is the digest of its source',
    (_, { source, sha1 }) => {
      expect(sha1).toBe(createHash('sha1').update(source).digest('hex'))
    },
  )

  it('V2: a lease is taken once, and given up by its token only', async () => {
    await client.flushAll()
    const taken = await take('a.1')
    const fence = fenceOf(taken)
    expect(taken).toEqual([1, String(fence)])
    expect(await take('b.1')).toEqual([0, expect.any(Number), `${fence}:a.1`])
    expect(await evaluate(RELEASE, [LEASE_KEY], ['b.1', 'c', 'free'])).toBe(0)
    expect(await evaluate(RELEASE, [LEASE_KEY], ['1', 'c', 'free'])).toBe(0)
    expect(await evaluate(RELEASE, [LEASE_KEY], ['a.1', 'c', 'free'])).toBe(1)
    expect(fenceOf(await take('b.1'))).toBeGreaterThan(fence)
  })

  it('V3: a fence is higher than the last, than those heard of, and than the clock', async () => {
    await client.flushAll()
    const now = Date.now()
    const first = fenceOf(await take('a.1'))
    expect(first).toBeGreaterThanOrEqual(now)
    await client.del(LEASE_KEY)
    const second = fenceOf(await take('a.2', first + 3_600_000))
    expect(second).toBe(first + 3_600_001)
    await client.del(LEASE_KEY)
    expect(fenceOf(await take('a.3'))).toBe(second + 1)
    await client.flushAll()
    expect(fenceOf(await take('a.4', second))).toBeGreaterThan(second)
  })

  it('V3: a state with another fence than the present one is refused', async () => {
    await client.flushAll()
    const old = `${fenceOf(await take('a.1'))}:a.1`
    const store = (value: string, text: string): Promise<unknown> =>
      evaluate(TELL, [LEASE_KEY, 't:{1}:item:x'], [value, 'c', '', '60000', text])
    expect(await store(old, 'old')).toBe(1)
    await client.del(LEASE_KEY)
    expect(await store(old, 'older')).toBe(0)
    const present = `${fenceOf(await take('b.1'))}:b.1`
    expect(await store(old, 'older')).toBe(0)
    expect(await evaluate(RENEW, [LEASE_KEY, FENCE_KEY], [old, '60000', '600000'])).toBe(0)
    expect(await client.get('t:{1}:item:x')).toBe('old')
    expect(await store(present, 'new')).toBe(1)
    expect(await client.get('t:{1}:item:x')).toBe('new')
  })

  it('V3: keys of another type, without an end, or with nonsense in them stop nobody', async () => {
    await client.flushAll()
    await client.hSet(LEASE_KEY, 'a', '1')
    await client.hSet(FENCE_KEY, 'a', '1')
    expect(fenceOf(await take('a.1'))).toBeGreaterThan(0)
    for (const fence of ['nan', '1e300', '-5', 'x', '']) {
      await client.set(FENCE_KEY, fence)
      await client.set(LEASE_KEY, 'somebody')
      const taken = fenceOf(await take('a.2'))
      expect(taken).toBeGreaterThanOrEqual(Date.now() - 60_000)
      expect(taken).toBeLessThan(Date.now() + 60_000)
    }
    await client.hSet('t:{1}:item:x', 'a', '1')
    expect(await evaluate(READ, ['t:{1}:item:x'], [])).toEqual(['', 0])
  })

  it('V7: everything expires', async () => {
    await client.flushAll()
    const value = `${fenceOf(await take('a.1'))}:a.1`
    await evaluate(RENEW, [LEASE_KEY, FENCE_KEY], [value, '60000', '600000'])
    await evaluate(TELL, [LEASE_KEY, 't:{1}:item:x'], [value, 'c', 'text', '60000', 'x'])
    const keys = await client.keys('*')
    expect(keys.length).toBe(3)
    for (const key of keys) expect(await client.pTTL(key)).toBeGreaterThan(0)
  })

  it('the model of the rule tests answers as the server does', async () => {
    await client.flushAll()
    const model = new MemoryServer(systemClock)
    const held: { real: string; modelled: string }[] = []
    let seed = 7
    const draw = (count: number): number => (seed = (seed * 48_271) % 2_147_483_647) % count
    const values = ['t:{1}:item:0', 't:{1}:item:1', 't:{1}:item:2']
    /** Fences and times to live differ, because the two clocks do. */
    const compare = (real: unknown, modelled: unknown): void => {
      const plain = (result: unknown): unknown =>
        JSON.parse(
          JSON.stringify(result)
            .replaceAll(/\d{13,}/g, 'F')
            .replaceAll(/,(\d{4,})/g, ',9'),
        )
      expect(plain(real)).toEqual(plain(modelled))
    }
    for (let step = 0; step < 600; step++) {
      const kind = draw(6)
      const name = `m${draw(3)}.${draw(3)}`
      const term = held[draw(held.length)] ?? { real: '1:none', modelled: '1:none' }
      if (kind === 0) {
        const args = [name, '60000', '0', '600000']
        const real = await evaluate(TAKE, [LEASE_KEY, FENCE_KEY], args)
        const modelled = model.eval(TAKE.source, [LEASE_KEY, FENCE_KEY], args)
        compare(real, modelled)
        if (Array.isArray(real) && real[0] === 1) {
          held.push({ real: `${fenceOf(real)}:${name}`, modelled: `${fenceOf(modelled)}:${name}` })
        }
      } else if (kind === 1) {
        const args = ['60000', '600000']
        const real = await evaluate(RENEW, [LEASE_KEY, FENCE_KEY], [term.real, ...args])
        compare(real, model.eval(RENEW.source, [LEASE_KEY, FENCE_KEY], [term.modelled, ...args]))
      } else if (kind === 2) {
        const args = [name, 'c', 'free']
        compare(await evaluate(RELEASE, [LEASE_KEY], args), model.eval(RELEASE.source, [LEASE_KEY], args))
      } else if (kind === 3) {
        const count = draw(3)
        const keys = [LEASE_KEY, ...values]
        const args = [
          'c',
          draw(2) === 0 ? '' : 'text',
          '60000',
          ...values.slice(0, count).map((key) => `${key}${step}`),
        ]
        const real = await evaluate(TELL, keys, [term.real, ...args])
        compare(real, model.eval(TELL.source, keys, [term.modelled, ...args]))
      } else if (kind === 4) {
        compare(await evaluate(READ, values, []), model.eval(READ.source, values, []))
      } else if (draw(10) === 0) {
        await client.flushAll()
        model.flushAll()
      }
    }
    expect(held.length).toBeGreaterThan(10)
  })

  it('V2: a lease that is not renewed is free when it ends', async () => {
    await client.flushAll()
    await evaluate(TAKE, [LEASE_KEY, FENCE_KEY], ['a.1', '50', '0', '600000'])
    await sleep(80)
    expect(await take('b.1')).toEqual([1, expect.any(String)])
  })
})
