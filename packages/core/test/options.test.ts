import {
  customBatches,
  lru,
  expiry,
  rateLimit,
  InMemoryAutoRefresh,
  type AutoRefreshOptions,
} from '@auto-refresh/core'
import { VirtualClock, VirtualEnvironment } from '@auto-refresh/core/testing'
import { describe, expect, it } from 'vitest'
import { untyped } from './scheduling.ts'
import { running, unchanged, world, type Job } from './world.ts'

const good: AutoRefreshOptions<Job> = { sync: unchanged, interval: 1000 }
const construct = (options: unknown): InMemoryAutoRefresh<Job> =>
  new InMemoryAutoRefresh<Job>(untyped(options))

/** Returns the error that it throws. */
function refusalBy(make: () => unknown): Error {
  try {
    make()
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return error
    throw error
  }
  throw new Error('the options were taken')
}

/** Returns what the constructor throws. */
const refusal = (options: unknown): Error => refusalBy(() => construct(options))

/** A value for a title. */
const show = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : `${typeof value} ${String(value)}`

const notNumbers = [null, '10', true, {}, [5], () => 5]
const notFunctions = [null, 1, 'function', true, {}]
const notBooleans = [null, 0, 1, 'true', {}]
const notPeriods = [null, 0, -1, Number.NaN, 'true', {}]
const notLifetimes = [-1, Number.NaN, -Infinity, ...notNumbers]
const notShares = [-0.1, 1.1, Number.NaN, Infinity, -Infinity, ...notNumbers]
const notCounts = [0, -1, 1.5, Number.NaN, -Infinity, ...notNumbers]

const wrong: Record<keyof AutoRefreshOptions<Job>, readonly unknown[]> = {
  name: [null, 1, true, {}],
  sync: [undefined, ...notFunctions],
  isTerminal: notFunctions,
  interval: [undefined, 0, -0, -1, Number.NaN, -Infinity, null, '1000', true, {}, [1000]],
  batchSize: notCounts,
  policies: [null, 5, 'lru', true, {}, () => 5, [null], [{}], ['lru']],
  concurrency: notCounts,
  syncOnCreate: notBooleans,
  batchWindow: notLifetimes,
  timeout: [0, ...notLifetimes],
  retry: [null, 5, '5', true, () => 5],
  jitter: notShares,
  missing: [null, 'ignore', '', 'Fail', 1, true, {}],
  equals: notFunctions,
  gcTime: notLifetimes,
  refreshWhenHidden: notPeriods,
  refreshWhenOffline: notPeriods,
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

  it('L7: refreshWhenHidden of a wrong kind is a TypeError that names all right ones', () => {
    const error = refusal({ ...good, refreshWhenHidden: 'true' })
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toBe('refreshWhenHidden must be true, false or a number, got "true"')
  })

  it('L7, D18: no concurrency at all is refused, which would never sync', () => {
    expect(refusal({ ...good, concurrency: 0 })).toBeInstanceOf(RangeError)
  })

  it.each(['interval', 'batchSize', 'timeout', 'gcTime', 'jitter'])(
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
    it.each(Object.keys(wrong).filter((option) => option !== 'retry'))(
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

describe('the options of policies', () => {
  it.each([
    ['calls', { per: 1000 }],
    ['calls', { calls: 0, per: 1000 }],
    ['calls', { calls: -3, per: 1000 }],
    ['calls', { calls: Number.NaN, per: 1000 }],
    ['calls', { calls: Infinity, per: 1000 }],
    ['calls', { calls: '3', per: 1000 }],
    ['per', { calls: 3 }],
    ['per', { calls: 3, per: 0 }],
    ['per', { calls: 3, per: -1 }],
    ['per', { calls: 3, per: Number.NaN }],
    ['per', { calls: 3, per: Infinity }],
    ['per', { calls: 3, per: null }],
    ['burst', { calls: 3, per: 1000, burst: 0 }],
    ['burst', { calls: 3, per: 1000, burst: -1 }],
    ['burst', { calls: 3, per: 1000, burst: Number.NaN }],
    ['burst', { calls: 3, per: 1000, burst: '3' }],
  ] as const)('L7: rateLimit: a wrong %s is refused by name: %j', (part, value) => {
    expect(refusalBy(() => rateLimit(untyped(value))).message).toMatch(new RegExp(`^rateLimit\\.${part}\\b`))
  })

  it.each(notCounts.map((value) => [show(value), value] as const))(
    'L7: lru: a capacity of %s is refused by name',
    (_, value) => {
      expect(refusalBy(() => lru(untyped(value))).message).toMatch(/^lru\.capacity\b/)
    },
  )

  it.each([0, ...notLifetimes].map((value) => [show(value), value] as const))(
    'L7: expiry: a maxAge of %s is refused by name',
    (_, value) => {
      expect(refusalBy(() => expiry({ maxAge: untyped(value) })).message).toMatch(/^expiry\.maxAge\b/)
    },
  )

  it.each(notLifetimes.map((value) => [show(value), value] as const))(
    'L7: expiry: a terminalTtl of %s is refused by name',
    (_, value) => {
      expect(refusalBy(() => expiry({ terminalTtl: untyped(value) })).message).toMatch(
        /^expiry\.terminalTtl\b/,
      )
    },
  )

  it.each([undefined, ...notFunctions].map((value) => [show(value), value] as const))(
    'L7: customBatches: %s is refused by name',
    (_, value) => {
      expect(refusalBy(() => customBatches(untyped(value))).message).toContain('customBatches')
    },
  )
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
    { refreshWhenHidden: 5000 },
    { refreshWhenOffline: Infinity },
    { refreshWhenHidden: false, refreshWhenOffline: true },
    { concurrency: Infinity, batchSize: Infinity },
    { gcTime: Infinity },
    { gcTime: 0 },
    { policies: [] },
    { jitter: 0 },
    { jitter: 1 },
    { batchSize: 1 },
    { concurrency: 1 },
    { batchWindow: 0 },
    { timeout: Infinity },
    { timeout: 1 },
    { retry: {} },
    { retry: { factor: 1, jitter: 0, maxDelay: 1 } },
    { retry: { factor: undefined, jitter: undefined, maxDelay: undefined } },
    { policies: [rateLimit({ calls: 1, per: 1 })] },
    { policies: [rateLimit({ calls: 1, per: 1, burst: undefined })] },
    { policies: [rateLimit({ calls: 5, per: 1000, burst: 1 })] },
    { missing: 'unchanged' },
    { missing: 'fail' },
    { missing: 'delete' },
    { policies: [lru(1)] },
    { policies: [lru(Infinity)] },
    { policies: [expiry({ maxAge: Infinity, terminalTtl: Infinity })] },
    { policies: [expiry({ maxAge: 1, terminalTtl: 1 })] },
    { policies: [expiry({ terminalTtl: 0 })] },
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

describe('the message about a wrong option', () => {
  it.each([
    ['4', '"4"'],
    [true, 'true'],
    [null, 'null'],
    [{}, 'an object'],
  ])('L7: it shows %j as %s', (value, shown) => {
    expect(() => world({ concurrency: untyped(value) })).toThrow(
      new TypeError(`concurrency must be of type number, got ${shown}`),
    )
  })
})
