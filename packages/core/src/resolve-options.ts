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
    batchWindow: number('batchWindow', options.batchWindow, 0, { from: 0, to: FINITE }),
    timeout: number('timeout', options.timeout, 30_000, ABOVE_0),
    retry: {
      factor: number('retry.factor', retry.factor, 2, { from: 1, to: FINITE }),
      maxDelay: number('retry.maxDelay', retry.maxDelay, 60_000, ABOVE_0),
      jitter: number('retry.jitter', retry.jitter, 0.25, { from: 0, to: FINITE }),
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
  const calls = number('rateLimit.calls', rateLimit.calls, undefined, { above: 0, to: FINITE })
  return {
    calls,
    per: number('rateLimit.per', rateLimit.per, undefined, { above: 0, to: FINITE }),
    burst: number('rateLimit.burst', rateLimit.burst, Math.max(1, calls), FROM_1),
  }
}

/** From where to where, or above where, a number may be, and whether it may be `Infinity`. */
interface Range {
  readonly from?: number
  readonly above?: number
  readonly to?: number
  readonly isWhole?: boolean
}

const ABOVE_0: Range = { above: 0 }
const FROM_0: Range = { from: 0 }
const FROM_1: Range = { from: 1 }
const SHARE: Range = { from: 0, to: 1 }
const COUNT: Range = { from: 1, isWhole: true }
/** The largest finite number: what must have an end. */
const FINITE = Number.MAX_VALUE

function number(
  name: string,
  value: number | undefined,
  otherwise: number | undefined,
  range: Range,
): number {
  const given = isAbsent(value) ? otherwise : value
  if (typeof given !== 'number') throw wrongType(name, 'a number', given)
  const { from = -Infinity, above = -Infinity, to = Infinity, isWhole = false } = range
  const isIn = given >= from && given > above && given <= to
  if (isIn && (!isWhole || given === Infinity || Number.isInteger(given))) return given
  const words = [
    isWhole ? 'a whole number' : 'a number',
    from > -Infinity ? `of at least ${from}` : `above ${above}`,
    to === FINITE ? 'that is finite' : to < Infinity ? `and at most ${to}` : '',
  ]
  throw new RangeError(`${name} must be ${words.join(' ').trim()}, but is ${given}`)
}

/** An option that is null is wrong, not absent. */
function isAbsent(value: unknown): value is undefined {
  return value === undefined
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
