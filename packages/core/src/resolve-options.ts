import { systemClock } from './environment/clock.ts'
import { sharedEnvironment } from './environment/environment.ts'
import type { AutoRefreshOptions, ResolvedOptions } from './options.ts'
import { deepEquals } from './policy/deep-equals.ts'

/**
 * Checks the options and fills in the defaults (L7).
 *
 * @throws {TypeError} where an option is of the wrong type
 * @throws {RangeError} where a number is out of its range
 */
export function resolveOptions<Item>(options: AutoRefreshOptions<Item>): ResolvedOptions<Item> {
  check({ options }, 'options', 'object')
  const { retry: givenRetry = {}, rateLimit: givenLimit } = options
  check({ retry: givenRetry, rateLimit: givenLimit === undefined ? {} : givenLimit }, 'retry rateLimit', 'object')
  const retry = { factor: 2, maxDelay: 60_000, jitter: 0.25, ...given(givenRetry) }
  const rateLimit = givenLimit && { burst: Math.max(1, givenLimit.calls), ...given(givenLimit) }
  const resolved: ResolvedOptions<Item> = {
    name: 'auto-refresh',
    isTerminal: () => false,
    coalesce: 0.5,
    batchSize: 100,
    createBatches: undefined,
    parallelism: 4,
    syncOnCreate: true,
    batchWindow: 0,
    timeout: 30_000,
    jitter: 0.1,
    missing: 'unchanged',
    equals: deepEquals,
    capacity: Infinity,
    terminalTtl: Infinity,
    maxAge: Infinity,
    refreshUnobserved: true,
    gcTime: Infinity,
    refreshWhenHidden: false,
    refreshWhenOffline: false,
    keepAlive: true,
    clock: systemClock,
    random: () => Math.random(),
    environment: sharedEnvironment,
    ...given(options),
    retry,
    rateLimit,
  }
  const { sync, createBatches = sync, interval, clock, environment, missing } = resolved
  const isAboveZero = (value: number): boolean => value > 0
  const isPositive = (value: number): boolean => value >= 0
  const isFinite = (value: number): boolean => value >= 0 && value < Infinity
  check(resolved, 'name missing', 'string')
  check({ ...resolved, createBatches }, 'sync isTerminal equals random createBatches', 'function')
  check(
    resolved,
    'syncOnCreate refreshUnobserved refreshWhenHidden refreshWhenOffline keepAlive',
    'boolean',
  )
  check(resolved, 'clock environment', 'object')
  check(clock, 'now epoch setTimeout clearTimeout', 'function', '', () => true, 'clock.')
  check(environment, 'isVisible isOnline subscribe', 'function', '', () => true, 'environment.')
  check(
    { ...resolved, interval: typeof interval === 'function' ? 1 : interval },
    'interval timeout maxAge',
    'number',
    'above 0',
    isAboveZero,
  )
  check(resolved, 'terminalTtl gcTime', 'number', 'of at least 0', isPositive)
  check(resolved, 'batchWindow', 'number', 'of at least 0, and finite', isFinite)
  check(resolved, 'coalesce jitter', 'number', 'from 0 to 1', (value) => value >= 0 && value <= 1)
  const isCount = (value: number): boolean => value >= 1 && (value === Infinity || value % 1 === 0)
  check(resolved, 'batchSize parallelism capacity', 'number', 'that is whole, of at least 1', isCount)
  const isFactor = (value: number): boolean => value >= 1 && value < Infinity
  check(retry, 'factor', 'number', 'of at least 1, and finite', isFactor, 'retry.')
  check(retry, 'maxDelay', 'number', 'above 0', isAboveZero, 'retry.')
  check(retry, 'jitter', 'number', 'of at least 0, and finite', isFinite, 'retry.')
  if (rateLimit !== undefined) {
    const isRate = (value: number): boolean => value > 0 && value < Infinity
    check(rateLimit, 'calls per', 'number', 'above 0, and finite', isRate, 'rateLimit.')
    check(rateLimit, 'burst', 'number', 'of at least 1', (value) => value >= 1, 'rateLimit.')
  }
  if (!['unchanged', 'fail', 'delete'].includes(missing)) {
    throw new RangeError(`missing must be 'unchanged', 'fail' or 'delete', but is ${show(missing)}`)
  }
  return resolved
}

/** The options that are there: one that is undefined takes its default. */
function given<Options extends object>(options: Options): { [Name in keyof Options]: Given<Options[Name]> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `Object.fromEntries` knows no names
  return Object.fromEntries(entries) as { [Name in keyof Options]: Given<Options[Name]> }
}

type Given<Value> = Exclude<Value, undefined>

/**
 * Checks that each of the options is of that type, and that for each `holds`.
 *
 * @param names parted by spaces
 * @param words what must hold for a number
 */
function check(
  options: object,
  names: string,
  type: 'string' | 'function' | 'boolean' | 'object' | 'number',
  words = '',
  holds: (value: number) => boolean = () => true,
  prefix = '',
): void {
  for (const name of names.split(' ')) {
    const value: unknown = Reflect.get(options, name)
    const isOfType = typeof value === type && value !== null
    if (isOfType && (typeof value !== 'number' || holds(value))) continue
    const must = isOfType ? `a number ${words}` : `of type ${type}`
    throw new (isOfType ? RangeError : TypeError)(`${prefix}${name} must be ${must}, but is ${show(value)}`)
  }
}

function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
