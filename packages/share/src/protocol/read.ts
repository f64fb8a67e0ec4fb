import { MAX_DELAY, MAX_ID_LENGTH, MAX_IDS } from './limits.ts'
import { type Header, type Message, PROTOCOL } from './message.ts'

/** Why a message was dropped (K8). `version`: of another protocol or shape of items. */
export type DropReason = 'version' | 'group' | 'epoch' | 'malformed'

type Check = (value: unknown) => boolean
type Fields = Readonly<Record<string, Check>>

const isString: Check = (value) => typeof value === 'string' && value.length <= MAX_ID_LENGTH
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0
const isDelay: Check = (value) => typeof value === 'number' && value >= 0 && value <= MAX_DELAY
const isNumber: Check = (value) => Number.isFinite(value)
const isFlag: Check = (value) => typeof value === 'boolean'
const isCode: Check = (value) => isString(value) || isNumber(value)
const isNoNull: Check = (value) => value !== null
const isAnything: Check = () => true
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= MAX_IDS && value.every(check)
const shapeOf = (fields: Fields): Check => {
  const checks = Object.entries(fields)
  return (value) => isObject(value) && checks.every(([name, check]) => check(value[name]))
}

const isTrue = optional((value) => value === true)
const isError = shapeOf({
  name: isString,
  message: isString,
  code: optional(isCode),
  status: optional(isNumber),
  retryAfter: optional(isNumber),
})
const isIds = listOf(isString)
const isStatus = optional(
  shapeOf({
    isOutage: isFlag,
    error: optional(isError),
    success: optional(isDelay),
    retry: optional(isDelay),
  }),
)
const isStates = listOf(
  shapeOf({
    id: isString,
    version: optional(isString),
    item: isNoNull,
    validator: isAnything,
    error: optional(isError),
    failureCount: optional(isCount),
    unchangedCount: optional(isCount),
    age: optional(isDelay),
    next: optional(isDelay),
    wait: optional(isDelay),
    seq: isCount,
    reopens: isTrue,
  }),
)

const BODIES: Readonly<Record<string, Check>> = {
  hello: shapeOf({}),
  bye: shapeOf({ isIll: isTrue }),
  lead: shapeOf({}),
  beat: shapeOf({ seq: isCount, members: isCount }),
  ask: shapeOf({
    n: isCount,
    full: isTrue,
    add: optional(listOf(shapeOf({ id: isString, next: optional(isDelay), version: optional(isString) }))),
    remove: optional(isIds),
    wrote: optional(isIds),
    refresh: optional(listOf(shapeOf({ ticket: isCount, ids: isIds, all: isTrue }))),
  }),
  answers: shapeOf({ seq: isCount, states: isStates, gone: isIds, status: isStatus }),
  ack: shapeOf({ n: isCount, seq: isCount, states: isStates, status: isStatus }),
  done: shapeOf({
    ticket: isCount,
    results: listOf(shapeOf({ id: isString, error: optional(isError), gone: isTrue })),
  }),
}

const isHeader = shapeOf({ epoch: isCount, from: isString, to: optional(isString), type: isString })

/**
 * Checks a message that may be anything (K8). Who encodes messages as text limits their length as well.
 *
 * @returns the message itself, or why it is to be dropped
 */
export function readMessage(data: unknown, key: Pick<Header, 'group' | 'shape'>): Message | DropReason {
  if (!isObject(data)) return 'malformed'
  if (data['v'] !== PROTOCOL) return 'version'
  if (data['group'] !== key.group) return 'group'
  if (data['shape'] !== key.shape) return 'version'
  return isMessage(data) ? data : 'malformed'
}

function isMessage(data: unknown): data is Message {
  if (!isObject(data) || !isHeader(data)) return false
  const type = String(data['type'])
  if (!Object.hasOwn(BODIES, type) || BODIES[type]?.(data) !== true) return false
  return type !== 'ask' || countTicketIds(data['refresh']) <= MAX_IDS
}

/** Number of ids of all tickets. */
function countTicketIds(tickets: unknown): number {
  let count = 0
  for (const ticket of listFrom(tickets)) if (isObject(ticket)) count += listFrom(ticket['ids']).length
  return count
}

function listFrom(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
