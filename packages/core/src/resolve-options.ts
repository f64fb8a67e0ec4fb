import { systemClock } from './environment/clock.ts'
import { sharedEnvironment } from './environment/environment.ts'
import type { AutoRefreshOptions, ResolvedOptions } from './options.ts'
import { deepEquals } from './policy/deep-equals.ts'

/** The options that have a default of their own kind. */
type Defaults<Item> = Omit<
  ResolvedOptions<Item>,
  'sync' | 'interval' | 'createBatches' | 'retry' | 'rateLimit'
>

/**
 * Checks the options and fills in the defaults (L7).
 *
 * @throws {TypeError} where an option is of the wrong type
 * @throws {RangeError} where a number is out of its range
 */
export function resolveOptions<Item>(options: AutoRefreshOptions<Item>): ResolvedOptions<Item> {
  checkType('options', options, 'object')
  const { sync, interval, createBatches, retry = {}, rateLimit } = options
  const defaults: Defaults<Item> = {
    name: 'auto-refresh',
    isTerminal: () => false,
    coalesce: 0.5,
    batchSize: 100,
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
  }
  checkType('sync', sync, 'function')
  if (createBatches !== undefined) checkType('createBatches', createBatches, 'function')
  if (typeof interval !== 'function') checkRange('above 0', isAboveZero, { interval })
  const resolved = {
    ...fill(defaults, options),
    sync,
    interval,
    createBatches,
    retry: fill({ factor: 2, maxDelay: 60_000, jitter: 0.25 }, retry, 'retry'),
    rateLimit:
      rateLimit === undefined
        ? undefined
        : fill({ calls: 0, per: 0, burst: Math.max(1, rateLimit?.calls) }, rateLimit, 'rateLimit'),
  }
  const { timeout, maxAge, terminalTtl, gcTime, batchWindow, coalesce, jitter, missing } = resolved
  const { batchSize, parallelism, capacity, clock, environment } = resolved
  checkRange('above 0', isAboveZero, { timeout, maxAge, 'retry.maxDelay': resolved.retry.maxDelay })
  checkRange('of at least 0', (value) => value >= 0, { terminalTtl, gcTime })
  checkRange('of at least 0, and finite', (value) => value >= 0 && value < Infinity, {
    batchWindow,
    'retry.jitter': resolved.retry.jitter,
  })
  checkRange('from 0 to 1', (value) => value >= 0 && value <= 1, { coalesce, jitter })
  const isCount = (value: number): boolean => value >= 1 && (value === Infinity || value % 1 === 0)
  checkRange('that is whole, of at least 1', isCount, { batchSize, parallelism, capacity })
  const isFactor = (value: number): boolean => value >= 1 && value < Infinity
  checkRange('of at least 1, and finite', isFactor, { 'retry.factor': resolved.retry.factor })
  if (resolved.rateLimit !== undefined) {
    const { calls, per, burst } = resolved.rateLimit
    const isRate = (value: number): boolean => value > 0 && value < Infinity
    checkRange('above 0, and finite', isRate, { 'rateLimit.calls': calls, 'rateLimit.per': per })
    checkRange('of at least 1', (value) => value >= 1, { 'rateLimit.burst': burst })
  }
  if (!['unchanged', 'fail', 'delete'].includes(missing)) {
    throw new RangeError(`missing must be 'unchanged', 'fail' or 'delete', but is ${show(missing)}`)
  }
  checkMethods('clock', clock, systemClock)
  checkMethods('environment', environment, sharedEnvironment)
  return resolved
}

/** The defaults, and in their places what is given: of the same type, for else it is wrong. */
function fill<Options extends object>(
  defaults: Options,
  given: { readonly [Name in keyof Options]?: Options[Name] | undefined },
  prefix?: string,
): Options {
  checkType(prefix ?? 'options', given, 'object')
  const filled = { ...defaults }
  for (const name in defaults) {
    const value = given[name]
    if (value === undefined) continue
    checkType(prefix === undefined ? name : `${prefix}.${name}`, value, typeof defaults[name])
    filled[name] = value
  }
  return filled
}

function isAboveZero(value: number): boolean {
  return value > 0
}

function checkType(name: string, value: unknown, type: string): void {
  if (typeof value === type && value !== null) return
  throw new TypeError(`${name} must be of type ${type}, but is ${show(value)}`)
}

/** Checks that each is a number for which it holds. */
function checkRange(words: string, holds: (value: number) => boolean, values: Record<string, number>): void {
  for (const [name, value] of Object.entries(values)) {
    checkType(name, value, 'number')
    if (!holds(value)) throw new RangeError(`${name} must be a number ${words}, but is ${value}`)
  }
}

/** Checks that it has the methods of the example. */
function checkMethods(name: string, object: object, example: object): void {
  for (const method of Object.keys(example)) {
    checkType(`${name}.${method}`, Reflect.get(object, method), 'function')
  }
}

function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
