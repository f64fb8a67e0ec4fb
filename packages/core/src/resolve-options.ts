import { checkCount, checkNumber, checkPositive, checkType, show } from './engine/check.ts'
import { deepEquals } from './engine/deep-equals.ts'
import { systemClock } from './environment/clock.ts'
import { defaultEnvironment } from './environment/tanstack.ts'
import type { AutoRefreshOptions, IntervalOption, ResolvedOptions } from './options.ts'

/** The options that have a default of their own kind. */
type Defaults<Item> = Omit<
  ResolvedOptions<Item>,
  'sync' | 'interval' | 'retry' | 'policies' | 'refreshWhenHidden' | 'refreshWhenOffline'
>

/**
 * Checks the options and fills in the defaults (L7).
 *
 * @throws {TypeError} if an option is of the wrong type
 * @throws {RangeError} if a number is out of its range
 */
export function resolveOptions<Item>(options: AutoRefreshOptions<Item>): ResolvedOptions<Item> {
  checkType('options', options, 'object')
  const { sync, interval, retry = {}, policies = [] } = options
  const defaults: Defaults<Item> = {
    name: 'auto-refresh',
    isTerminal: () => false,
    batchSize: 100,
    concurrency: 4,
    syncOnCreate: true,
    batchWindow: 0,
    timeout: 30_000,
    jitter: 0.1,
    missing: 'unchanged',
    equals: deepEquals,
    gcTime: 300_000,
    keepAlive: true,
    clock: systemClock,
    random: () => Math.random(),
    environment: defaultEnvironment,
  }
  checkType('sync', sync, 'function')
  checkInterval(interval)
  checkPolicies(policies)
  const resolved = {
    ...fill(defaults, options),
    sync,
    interval,
    policies,
    refreshWhenHidden: checkPeriod('refreshWhenHidden', options.refreshWhenHidden),
    refreshWhenOffline: checkPeriod('refreshWhenOffline', options.refreshWhenOffline),
    retry: fill({ factor: 2, maxDelay: 60_000, jitter: 0.25 }, retry, 'retry'),
  }
  checkNumbers(resolved)
  if (!['unchanged', 'fail', 'delete'].includes(resolved.missing)) {
    throw new RangeError(`missing must be 'unchanged', 'fail' or 'delete', got ${show(resolved.missing)}`)
  }
  checkMethods('clock', resolved.clock, ['now', 'epoch', 'setTimeout', 'clearTimeout'])
  checkMethods('environment', resolved.environment, ['isVisible', 'isOnline', 'subscribe'])
  return resolved
}

/** @throws {TypeError | RangeError} if it is neither a number above 0 nor a function */
export function checkInterval<Item>(interval: IntervalOption<Item>): void {
  if (typeof interval !== 'function') checkPositive('interval', interval)
}

function checkNumbers<Item>(options: ResolvedOptions<Item>): void {
  const { timeout, gcTime, batchWindow, jitter, batchSize, concurrency, retry } = options
  const isFinite = (value: number): boolean => value >= 0 && value < Infinity
  checkPositive('timeout', timeout)
  checkNumber('gcTime', gcTime, '≥ 0', (value) => value >= 0)
  checkNumber('batchWindow', batchWindow, 'finite and ≥ 0', isFinite)
  checkNumber('jitter', jitter, 'from 0 to 1', (value) => value >= 0 && value <= 1)
  checkCount('batchSize', batchSize)
  checkCount('concurrency', concurrency)
  checkNumber('retry.factor', retry.factor, 'finite and ≥ 1', (value) => value >= 1 && value < Infinity)
  checkPositive('retry.maxDelay', retry.maxDelay)
  checkNumber('retry.jitter', retry.jitter, 'finite and ≥ 0', isFinite)
}

/** Checks an option that is true, false or a number of ms above 0 (G7). */
function checkPeriod(name: string, value: boolean | number | undefined): boolean | number {
  if (value === undefined || typeof value === 'boolean') return value ?? false
  if (typeof value !== 'number')
    throw new TypeError(`${name} must be true, false or a number, got ${show(value)}`)
  checkPositive(name, value)
  return value
}

function checkPolicies(policies: unknown): void {
  if (!Array.isArray(policies)) throw new TypeError(`policies must be an array, got ${show(policies)}`)
  policies.forEach((policy, index) => checkType(`policies[${index}]`, policy, 'function'))
}

/** Returns the defaults, replaced by what is given of the same type. */
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

function checkMethods(name: string, object: object, methods: readonly string[]): void {
  for (const method of methods) checkType(`${name}.${method}`, Reflect.get(object, method), 'function')
}
