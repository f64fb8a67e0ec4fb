import {
  InMemoryAutoRefresh,
  until,
  watch,
  type AutoRefresh,
  type AutoRefreshOptions,
  type ItemId,
} from '@auto-refresh/core'
import { VirtualClock, VirtualEnvironment } from '@auto-refresh/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { untyped } from './scheduling-helpers.ts'
import { running, stepped, unchanged, world, type Job } from './world.ts'

const good: AutoRefreshOptions<Job> = { sync: unchanged, interval: 1000 }
const construct = (options: unknown): InMemoryAutoRefresh<Job> =>
  new InMemoryAutoRefresh<Job>(untyped(options))

/** What the constructor throws. */
function refusal(options: unknown): Error {
  try {
    construct(options)
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return error
    throw error
  }
  throw new Error('the options were taken')
}

/** A value for a title. */
const show = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : `${typeof value} ${String(value)}`

const notNumbers = [null, '10', true, {}, [5], () => 5]
const notFunctions = [null, 1, 'function', true, {}]
const notBooleans = [null, 0, 1, 'true', {}]
const notLifetimes = [-1, Number.NaN, -Infinity, ...notNumbers]
const notShares = [-0.1, 1.1, Number.NaN, Infinity, -Infinity, ...notNumbers]
const notCounts = [0, -1, 1.5, Number.NaN, -Infinity, ...notNumbers]

const wrong: Record<keyof AutoRefreshOptions<Job>, readonly unknown[]> = {
  name: [null, 1, true, {}],
  sync: [undefined, ...notFunctions],
  isTerminal: notFunctions,
  interval: [undefined, 0, -0, -1, Number.NaN, -Infinity, null, '1000', true, {}, [1000]],
  coalesce: notShares,
  batchSize: notCounts,
  createBatches: notFunctions,
  parallelism: notCounts,
  rateLimit: [null, 5, '5', true, () => 5],
  syncOnCreate: notBooleans,
  batchWindow: notLifetimes,
  timeout: [0, ...notLifetimes],
  retry: [null, 5, '5', true, () => 5],
  jitter: notShares,
  missing: [null, 'ignore', '', 'Fail', 1, true, {}],
  equals: notFunctions,
  capacity: [-1, 1.5, Number.NaN, -Infinity, ...notNumbers],
  terminalTtl: notLifetimes,
  maxAge: notLifetimes,
  refreshUnobserved: notBooleans,
  gcTime: notLifetimes,
  refreshWhenHidden: notBooleans,
  refreshWhenOffline: notBooleans,
  keepAlive: notBooleans,
  clock: [null, 1, 'clock', true],
  random: notFunctions,
  environment: [null, 1, 'environment', true],
}

const cases = Object.entries(wrong).flatMap(([option, values]) =>
  values.map((value) => [option, show(value), value] as const),
)

describe('wrong options', () => {
  it.each(cases)('L7: %s: %s is refused by name', (option, _, value) => {
    expect(refusal({ ...good, [option]: value }).message).toContain(option)
  })

  it.each(Object.keys(wrong))('L7: %s: the message begins with its name', (option) => {
    expect(refusal({ ...good, [option]: null }).message).toMatch(new RegExp(`^${option}\\b`))
  })

  it('L7: an endless batchWindow is refused, in which nothing would ever be sent', () => {
    expect(refusal({ ...good, batchWindow: Infinity }).message).toContain('batchWindow')
  })

  const plain = cases.filter(([, , value]) => typeof value !== 'object' && typeof value !== 'function')

  it.each(plain)('L7: %s: the message shows the value, %s', (option, _, value) => {
    const shown = Object.is(value, -0) ? '0' : String(value)
    expect(refusal({ ...good, [option]: value }).message).toContain(shown)
  })

  it.each(Object.keys(wrong))('L7: %s: the message shows null', (option) => {
    expect(refusal({ ...good, [option]: null }).message).toContain('null')
  })

  it('L7, D18: no parallelism at all is refused, which would never sync', () => {
    expect(refusal({ ...good, parallelism: 0 })).toBeInstanceOf(RangeError)
  })

  it.each(['interval', 'batchSize', 'timeout', 'coalesce', 'jitter'])(
    'L7: %s of a wrong kind is a TypeError, out of its range a RangeError',
    (option) => {
      expect(refusal({ ...good, [option]: 'much' })).toBeInstanceOf(TypeError)
      expect(refusal({ ...good, [option]: -5 })).toBeInstanceOf(RangeError)
    },
  )

  it.each([undefined, null, 5, 'options'])('L7: %s instead of options is a TypeError', (options) => {
    expect(() => construct(options)).toThrow(TypeError)
  })

  it.each([
    ['rateLimit', 'calls', { per: 1000 }],
    ['rateLimit', 'calls', { calls: 0, per: 1000 }],
    ['rateLimit', 'calls', { calls: -3, per: 1000 }],
    ['rateLimit', 'calls', { calls: Number.NaN, per: 1000 }],
    ['rateLimit', 'calls', { calls: Infinity, per: 1000 }],
    ['rateLimit', 'calls', { calls: '3', per: 1000 }],
    ['rateLimit', 'per', { calls: 3 }],
    ['rateLimit', 'per', { calls: 3, per: 0 }],
    ['rateLimit', 'per', { calls: 3, per: -1 }],
    ['rateLimit', 'per', { calls: 3, per: Number.NaN }],
    ['rateLimit', 'per', { calls: 3, per: Infinity }],
    ['rateLimit', 'per', { calls: 3, per: null }],
    ['rateLimit', 'burst', { calls: 3, per: 1000, burst: 0 }],
    ['rateLimit', 'burst', { calls: 3, per: 1000, burst: -1 }],
    ['rateLimit', 'burst', { calls: 3, per: 1000, burst: Number.NaN }],
    ['rateLimit', 'burst', { calls: 3, per: 1000, burst: '3' }],
    ['retry', 'factor', { factor: 0.5 }],
    ['retry', 'factor', { factor: -2 }],
    ['retry', 'factor', { factor: Number.NaN }],
    ['retry', 'factor', { factor: '2' }],
    ['retry', 'factor', { factor: Infinity }],
    ['retry', 'jitter', { jitter: Infinity }],
    ['retry', 'maxDelay', { maxDelay: -1 }],
    ['retry', 'maxDelay', { maxDelay: Number.NaN }],
    ['retry', 'maxDelay', { maxDelay: null }],
    ['retry', 'jitter', { jitter: -0.5 }],
    ['retry', 'jitter', { jitter: Number.NaN }],
    ['retry', 'jitter', { jitter: true }],
  ] as const)('L7: %s: a wrong %s in it is refused by both names: %j', (option, part, value) => {
    const { message } = refusal({ ...good, [option]: value })
    expect(message).toContain(option)
    expect(message).toContain(part)
  })

  it.each(['now', 'epoch', 'setTimeout', 'clearTimeout'])('L7: a clock without %s is refused', (method) => {
    const clock = { now: () => 0, epoch: () => 0, setTimeout: () => 0, clearTimeout: () => {} }
    expect(construct({ ...good, clock }).size).toBe(0)
    expect(refusal({ ...good, clock: { ...clock, [method]: undefined } }).message).toContain('clock')
  })

  it.each(['isVisible', 'isOnline', 'subscribe'])('L7: an environment without %s is refused', (method) => {
    const environment = { isVisible: () => true, isOnline: () => true, subscribe: () => () => {} }
    expect(construct({ ...good, environment }).size).toBe(0)
    const { message } = refusal({ ...good, environment: { ...environment, [method]: undefined } })
    expect(message).toContain('environment')
  })

  const awkward: readonly (readonly [string, unknown])[] = [
    ['a symbol', Symbol('odd')],
    ['a bigint', 5n],
    ['an object without a prototype', Object.create(null)],
    [
      'an object that cannot be shown',
      {
        toString(): string {
          throw new Error('not to be shown')
        },
        toJSON(): string {
          throw new Error('not to be shown')
        },
      },
    ],
  ]

  describe.each(awkward)('%s as a value', (title, value) => {
    it.each(Object.keys(wrong).filter((option) => option !== 'rateLimit' && option !== 'retry'))(
      `L7: ${title} is refused by name: %s`,
      (option) => {
        expect(refusal({ ...good, [option]: value }).message).toContain(option)
      },
    )
  })

  it('L7: it is the constructor that throws, before anything is asked', () => {
    const clock = new VirtualClock()
    const environment = new VirtualEnvironment()
    refusal({ ...good, clock, environment, batchSize: -1 })
    expect(clock.timers).toBe(0)
    expect(environment.listeners).toBe(0)
  })
})

describe('right options', () => {
  it('L7: only sync and interval are needed', () => {
    expect(construct(good).isRunning).toBe(false)
  })

  it.each(Object.keys(wrong).filter((option) => option !== 'sync' && option !== 'interval'))(
    'L7: %s may be undefined, which is its default',
    (option) => {
      expect(construct({ ...good, [option]: undefined }).size).toBe(0)
    },
  )

  it.each([
    { interval: Infinity },
    { interval: 0.5 },
    { interval: Number.MAX_VALUE },
    { interval: () => 5 },
    { coalesce: 0 },
    { coalesce: 1 },
    { jitter: 0 },
    { jitter: 1 },
    { batchSize: 1 },
    { parallelism: 1 },
    { batchWindow: 0 },
    { timeout: Infinity },
    { timeout: 1 },
    { retry: {} },
    { retry: { factor: 1, jitter: 0, maxDelay: 1 } },
    { retry: { factor: undefined, jitter: undefined, maxDelay: undefined } },
    { rateLimit: { calls: 1, per: 1 } },
    { rateLimit: { calls: 1, per: 1, burst: undefined } },
    { rateLimit: { calls: 5, per: 1000, burst: 1 } },
    { missing: 'unchanged' },
    { missing: 'fail' },
    { missing: 'delete' },
    { capacity: 1 },
    { capacity: Infinity },
    { terminalTtl: Infinity, maxAge: Infinity, gcTime: Infinity },
    { terminalTtl: 1, maxAge: 1, gcTime: 1 },
    { terminalTtl: 0, gcTime: 0 },
    { equals: Object.is },
    { name: 'jobs' },
  ])('L7: %o is taken', (options) => {
    expect(construct({ ...good, ...options }).size).toBe(0)
  })

  it('L7: a clock and an environment may be instances of classes', async () => {
    const { cache, clock, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(calls).toHaveLength(1)
  })
})

type Use = (cache: AutoRefresh<Job>, id: ItemId) => unknown

const uses: readonly (readonly [string, Use])[] = [
  ['get', (cache, id) => cache.get(id)],
  ['getOrThrow', (cache, id) => cache.getOrThrow(id)],
  ['getOrCreate', (cache, id) => cache.getOrCreate(id, running())],
  ['update', (cache, id) => cache.update(id, running())],
  ['delete', (cache, id) => cache.delete(id)],
  ['deleteDelayed', (cache, id) => cache.deleteDelayed(id)],
  ['inProcessing', (cache, id) => cache.inProcessing(id)],
  ['refresh', (cache, id) => cache.refresh(id)],
  ['has', (cache, id) => cache.has(id)],
  ['getSnapshot', (cache, id) => cache.getSnapshot(id)],
  ['subscribe', (cache, id) => cache.subscribe(id, () => {})],
  ['until', (cache, id) => until(cache, id)],
  ['watch', (cache, id) => watch(cache, id).next()],
]

const noIds = [undefined, null, 0, 1, Number.NaN, 5n, true, Symbol('id'), {}, ['a'], () => 'a']

describe.each(uses)('an id that is not a string, in %s', (method, use) => {
  it.each(noIds.map((id) => [show(id), id] as const))(
    `L7: ${method} answers a TypeError to %s`,
    async (_, id) => {
      const { cache } = world()
      cache.getOrCreate('a', running())
      await expect(async () => use(cache, untyped(id))).rejects.toBeInstanceOf(TypeError)
    },
  )

  it(`L7: ${method} answers a TypeError to a String object`, async () => {
    const { cache } = world()
    cache.getOrCreate('a', running())
    await expect(async () => use(cache, untyped(Object('a')))).rejects.toBeInstanceOf(TypeError)
  })

  it(`L7: ${method} does so also while the cache runs, and changes nothing`, async () => {
    const { cache, clock, events, calls } = world()
    cache.start()
    await expect(async () => use(cache, untyped(7))).rejects.toBeInstanceOf(TypeError)
    await clock.advance(0)
    expect(cache.size).toBe(0)
    expect(calls).toEqual([])
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 0, subscribers: 0 })
    expect(events.map((event) => event.type)).toEqual(['started'])
  })
})

const oddIds: readonly (readonly [string, ItemId])[] = [
  ['the empty string', ''],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['prototype', 'prototype'],
  ['toString', 'toString'],
  ['hasOwnProperty', 'hasOwnProperty'],
  ['a string of 10,000 characters', 'x'.repeat(10_000)],
  ['a blank', ' '],
  ['a NUL', '\0'],
  ['half a surrogate pair', '\uD800'],
  ['an emoji', '🦊'],
  ['a digit', '0'],
  ['undefined', 'undefined'],
]

describe.each(oddIds)('%s as an id', (title, id) => {
  it(`L7: ${title} is absent from a new cache`, () => {
    const { cache } = world()
    expect(cache.has(id)).toBe(false)
    expect(cache.get(id)).toBeUndefined()
    expect(cache.getSnapshot(id).status).toBe('missing')
    expect(cache.update(id, running())).toBe(false)
    expect(cache.delete(id)).toBe(false)
    expect(cache.deleteDelayed(id)).toBe(false)
    expect(cache.inProcessing(id)).toBe(false)
    expect(() => cache.getOrThrow(id)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  })

  it(`L7: ${title} is stored, synced, pushed, told and removed`, async () => {
    const { cache, clock, batches } = world({ answer: stepped })
    let told = 0
    cache.subscribe(id, () => (told += 1))
    cache.start().getOrCreate(id, running())
    await clock.advance(0)
    expect(batches()).toEqual([[id]])
    expect(cache.get(id)).toEqual(running(1))
    expect(told).toBeGreaterThan(0)
    await cache.refresh(id)
    expect(cache.getOrThrow(id)).toEqual(running(2))
    cache.ingest([{ id, item: running(8) }])
    expect(cache.getSnapshot(id).item).toEqual(running(8))
    expect([...cache.ids()]).toEqual([id])
    expect(cache.delete(id)).toBe(true)
    expect(cache.size).toBe(0)
  })
})

describe('ids', () => {
  it('L7: ids that only look alike are different', () => {
    const { cache } = world()
    const ids = ['a', 'A', ' a', 'a ', 'é', 'e\u0301', '1', '01', '1.0', 'null', 'undefined', '']
    for (const [index, id] of ids.entries()) cache.getOrCreate(id, running(index))
    expect(cache.size).toBe(ids.length)
    expect(ids.map((id) => cache.get(id)?.step)).toEqual(ids.map((_, index) => index))
  })

  it('L7: the cache is a map of any strings', () => {
    const id = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('__proto__', 'constructor', 'valueOf', ''),
    )
    const step = fc.record({ id, action: fc.constantFrom('create', 'update', 'delete'), value: fc.nat() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { cache } = world()
        const model = new Map<string, Job>()
        for (const { id: key, action, value } of steps) {
          const item = running(value)
          if (action === 'create') {
            if (!model.has(key)) model.set(key, item)
            expect(cache.getOrCreate(key, item)).toBe(model.get(key))
          } else if (action === 'update') {
            expect(cache.update(key, item)).toBe(model.has(key))
            if (model.has(key)) model.set(key, item)
          } else expect(cache.delete(key)).toBe(model.delete(key))
        }
        expect(cache.size).toBe(model.size)
        expect([...cache.ids()].sort()).toEqual([...model.keys()].sort())
        for (const [key, item] of model) expect(cache.get(key)).toBe(item)
      }),
    )
  })
})
