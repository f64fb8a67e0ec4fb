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
  check({ options }, 'object')
  const { retry: givenRetry = {}, rateLimit: givenLimit } = options
  check({ retry: givenRetry, rateLimit: givenLimit ?? {} }, 'object')
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
  checkTypes(resolved)
  checkRanges(resolved)
  return resolved
}

/** The options that are there: one that is undefined takes its default. */
function given<Options extends object>(options: Options): { [Name in keyof Options]: Given<Options[Name]> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `Object.fromEntries` knows no names
  return Object.fromEntries(entries) as { [Name in keyof Options]: Given<Options[Name]> }
}

type Given<Value> = Exclude<Value, undefined>

function checkTypes<Item>(options: ResolvedOptions<Item>): void {
  const { name, sync, isTerminal, equals, random, createBatches = sync, clock, environment } = options
  const { syncOnCreate, refreshUnobserved, refreshWhenHidden, refreshWhenOffline, keepAlive, missing } =
    options
  check({ name, missing }, 'string')
  check({ sync, isTerminal, equals, random, createBatches }, 'function')
  check({ syncOnCreate, refreshUnobserved, refreshWhenHidden, refreshWhenOffline, keepAlive }, 'boolean')
  check({ clock, environment }, 'object')
  checkMethods('clock', clock, ['now', 'epoch', 'setTimeout', 'clearTimeout'])
  checkMethods('environment', environment, ['isVisible', 'isOnline', 'subscribe'])
}

function checkRanges<Item>(options: ResolvedOptions<Item>): void {
  const { interval, timeout, maxAge, terminalTtl, gcTime, batchWindow, coalesce, jitter, missing } = options
  const { batchSize, parallelism, capacity, retry, rateLimit } = options
  range('above 0', (value) => value > 0, {
    timeout,
    maxAge,
    ...(typeof interval !== 'function' && { interval }),
  })
  range('of at least 0', (value) => value >= 0, { terminalTtl, gcTime })
  range('of at least 0, and finite', (value) => value >= 0 && value < Infinity, { batchWindow })
  range('from 0 to 1', (value) => value >= 0 && value <= 1, { coalesce, jitter })
  const isCount = (value: number): boolean => value >= 1 && (value === Infinity || value % 1 === 0)
  range('that is whole, of at least 1', isCount, { batchSize, parallelism, capacity })
  const { factor, maxDelay } = retry
  range('of at least 1, and finite', (value) => value >= 1 && value < Infinity, { factor }, 'retry.')
  range('above 0', (value) => value > 0, { maxDelay }, 'retry.')
  range(
    'of at least 0, and finite',
    (value) => value >= 0 && value < Infinity,
    { jitter: retry.jitter },
    'retry.',
  )
  if (rateLimit !== undefined) {
    check({ rateLimit }, 'object')
    const { calls, per, burst } = rateLimit
    range('above 0, and finite', (value) => value > 0 && value < Infinity, { calls, per }, 'rateLimit.')
    range('of at least 1', (value) => value >= 1, { burst }, 'rateLimit.')
  }
  if (!['unchanged', 'fail', 'delete'].includes(missing)) {
    throw new RangeError(`missing must be 'unchanged', 'fail' or 'delete', but is ${show(missing)}`)
  }
}

/** Checks that each of them is of that type. */
function check(values: Record<string, unknown>, type: string, prefix = ''): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === type && value !== null) continue
    throw new TypeError(`${prefix}${name} must be of type ${type}, but is ${show(value)}`)
  }
}

function checkMethods(name: string, object: object, methods: readonly string[]): void {
  for (const method of methods) {
    const value: unknown = Reflect.get(object, method)
    check({ [method]: value }, 'function', `${name}.`)
  }
}

/** Checks that each of them is a number for which `holds` does. */
function range(
  words: string,
  holds: (value: number) => boolean,
  values: Record<string, number>,
  prefix = '',
): void {
  check(values, 'number', prefix)
  for (const [name, value] of Object.entries(values)) {
    if (!holds(value)) throw new RangeError(`${prefix}${name} must be a number ${words}, but is ${value}`)
  }
}

function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
