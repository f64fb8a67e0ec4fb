import { systemClock } from './environment/clock.ts'
import { sharedEnvironment } from './environment/environment.ts'
import type { AutoRefreshOptions, RateLimit, ResolvedOptions } from './options.ts'
import { deepEquals } from './policy/deep-equals.ts'

/**
 * Checks the options and fills in the defaults (L7).
 *
 * @throws {TypeError} where an option is of the wrong type
 * @throws {RangeError} where a number is out of its range
 */
export function resolveOptions<Item>(options: AutoRefreshOptions<Item>): ResolvedOptions<Item> {
  if (!isObject(options)) throw wrongType('options', 'an object', options)
  const { retry = {}, rateLimit } = options
  if (!isObject(retry)) throw wrongType('retry', 'an object', retry)
  return {
    name: string('name', options.name, 'auto-refresh'),
    sync: callable('sync', options.sync),
    isTerminal: callable('isTerminal', options.isTerminal ?? (() => false)),
    interval:
      typeof options.interval === 'function'
        ? options.interval
        : number('interval', options.interval, undefined, ABOVE_0),
    coalesce: number('coalesce', options.coalesce, 0.5, SHARE),
    batchSize: number('batchSize', options.batchSize, 100, COUNT),
    createBatches:
      options.createBatches === undefined ? undefined : callable('createBatches', options.createBatches),
    parallelism: number('parallelism', options.parallelism, 4, COUNT),
    rateLimit: rateLimit === undefined ? undefined : resolveRateLimit(rateLimit),
    syncOnCreate: boolean('syncOnCreate', options.syncOnCreate, true),
    batchWindow: number('batchWindow', options.batchWindow, 0, FINITE),
    timeout: number('timeout', options.timeout, 30_000, ABOVE_0),
    retry: {
      factor: number('retry.factor', retry.factor, 2, FACTOR),
      maxDelay: number('retry.maxDelay', retry.maxDelay, 60_000, ABOVE_0),
      jitter: number('retry.jitter', retry.jitter, 0.25, FINITE),
    },
    jitter: number('jitter', options.jitter, 0.1, SHARE),
    missing: oneOf('missing', options.missing ?? 'unchanged', ['unchanged', 'fail', 'delete']),
    equals: callable('equals', options.equals ?? deepEquals),
    capacity: number('capacity', options.capacity, Infinity, COUNT),
    terminalTtl: number('terminalTtl', options.terminalTtl, Infinity, FROM_0),
    maxAge: number('maxAge', options.maxAge, Infinity, ABOVE_0),
    refreshUnobserved: boolean('refreshUnobserved', options.refreshUnobserved, true),
    gcTime: number('gcTime', options.gcTime, Infinity, FROM_0),
    refreshWhenHidden: boolean('refreshWhenHidden', options.refreshWhenHidden, false),
    refreshWhenOffline: boolean('refreshWhenOffline', options.refreshWhenOffline, false),
    keepAlive: boolean('keepAlive', options.keepAlive, true),
    clock: methods('clock', options.clock ?? systemClock, ['now', 'epoch', 'setTimeout', 'clearTimeout']),
    random: callable('random', options.random ?? (() => Math.random())),
    environment: methods('environment', options.environment ?? sharedEnvironment, [
      'isVisible',
      'isOnline',
      'subscribe',
    ]),
  }
}

function resolveRateLimit(rateLimit: RateLimit): Required<RateLimit> {
  if (!isObject(rateLimit)) throw wrongType('rateLimit', 'an object', rateLimit)
  const calls = number('rateLimit.calls', rateLimit.calls, undefined, ABOVE_0_FINITE)
  return {
    calls,
    per: number('rateLimit.per', rateLimit.per, undefined, ABOVE_0_FINITE),
    burst: number('rateLimit.burst', rateLimit.burst, Math.max(1, calls), FROM_1),
  }
}

interface Range {
  readonly words: string
  readonly holds: (value: number) => boolean
}

const ABOVE_0: Range = { words: 'a number above 0', holds: (value) => value > 0 }
const ABOVE_0_FINITE: Range = { words: 'a finite number above 0', holds: (value) => value > 0 && value < Infinity }
const FROM_0: Range = { words: 'a number of at least 0', holds: (value) => value >= 0 }
const FROM_1: Range = { words: 'a number of at least 1', holds: (value) => value >= 1 }
const FINITE: Range = { words: 'a finite number of at least 0', holds: (value) => value >= 0 && value < Infinity }
const FACTOR: Range = { words: 'a finite number of at least 1', holds: (value) => value >= 1 && value < Infinity }
const SHARE: Range = { words: 'a number from 0 to 1', holds: (value) => value >= 0 && value <= 1 }
const COUNT: Range = {
  words: 'a whole number of at least 1, or Infinity',
  holds: (value) => value >= 1 && (Number.isInteger(value) || value === Infinity),
}

function number(name: string, value: number | undefined, otherwise: number | undefined, range: Range): number {
  const given = value ?? otherwise
  if (typeof given !== 'number' || value === null) throw wrongType(name, range.words, value)
  if (!range.holds(given)) throw new RangeError(`${name} must be ${range.words}, but is ${given}`)
  return given
}

function boolean(name: string, value: boolean | undefined, otherwise: boolean): boolean {
  if (value === undefined) return otherwise
  if (typeof value !== 'boolean') throw wrongType(name, 'true or false', value)
  return value
}

function string(name: string, value: string | undefined, otherwise: string): string {
  if (value === undefined) return otherwise
  if (typeof value !== 'string') throw wrongType(name, 'a string', value)
  return value
}

function oneOf<Value extends string>(name: string, value: Value, values: readonly Value[]): Value {
  if (typeof value !== 'string') throw wrongType(name, `one of ${values.join(', ')}`, value)
  if (!values.includes(value)) {
    throw new RangeError(`${name} must be one of ${values.join(', ')}, but is ${JSON.stringify(value)}`)
  }
  return value
}

function callable<Value>(name: string, value: Value): Value {
  if (typeof value !== 'function') throw wrongType(name, 'a function', value)
  return value
}

function methods<Value extends object>(name: string, value: Value, names: readonly (keyof Value)[]): Value {
  if (!isObject(value)) throw wrongType(name, `an object with ${names.join(', ')}`, value)
  for (const method of names) callable(`${name}.${String(method)}`, value[method])
  return value
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function wrongType(name: string, wanted: string, value: unknown): TypeError {
  return new TypeError(`${name} must be ${wanted}, but is ${show(value)}`)
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
