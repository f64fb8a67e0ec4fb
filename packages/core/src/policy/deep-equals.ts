/** How deep two values are followed. JSON that people read is far flatter; a cycle ends here. */
const MAX_DEPTH = 500

/**
 * How many properties are compared. What holds one object twice, and that one another twice, has more ways through it than
 * there is time for.
 */
const MAX_PROPERTIES = 1_000_000

/** A budget that is used up. */
const DIFFERENT = -1

/**
 * Whether two values hold the same plain data (W8): objects and arrays by their own enumerable keys, symbols and keys
 * like `__proto__` included, dates by their time, primitives by `Object.is`, all else by reference. What is too deep or
 * too much to follow, a cycle included, is not equal: a refresh too many is told, never one too few.
 */
export function deepEquals(previous: unknown, next: unknown): boolean {
  return compare(previous, next, 0, MAX_PROPERTIES) !== DIFFERENT
}

type Keyed = Readonly<Record<PropertyKey, unknown>>

function isKeyed(value: unknown): value is Keyed {
  return typeof value === 'object' && value !== null
}

/** @returns how many properties may still be compared */
function compare(a: unknown, b: unknown, depth: number, budget: number): number {
  if (Object.is(a, b)) return budget
  if (!isKeyed(a) || !isKeyed(b)) return DIFFERENT
  if (a instanceof Date) return b instanceof Date && Object.is(a.getTime(), b.getTime()) ? budget : DIFFERENT
  return depth < MAX_DEPTH && areAlike(a, b) ? compareProperties(a, b, depth + 1, budget) : DIFFERENT
}

/** Whether both are plain arrays of one length, or both plain objects. */
function areAlike(a: object, b: object): boolean {
  if (isPlainArray(a)) return isPlainArray(b) && a.length === b.length
  return isPlainObject(a) && isPlainObject(b)
}

function isPlainArray(value: object): value is unknown[] {
  return Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype
}

/** An object literal, one without a prototype, or one of another realm. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return (
    prototype === Object.prototype ||
    prototype === null ||
    (typeof prototype === 'object' && Object.getPrototypeOf(prototype) === null)
  )
}

function compareProperties(a: Keyed, b: Keyed, depth: number, budget: number): number {
  const keys = keysOf(a)
  const others = keysOf(b)
  let left = budget - keys.length
  if (left < 0 || keys.length !== others.length) return DIFFERENT
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]
    // Answers of one server have their keys in one order, so the look-up is rarely needed.
    if (key === undefined || (key !== others[index] && !isOwnEnumerable(b, key))) return DIFFERENT
    left = compare(a[key], b[key], depth, left)
    if (left === DIFFERENT) return DIFFERENT
  }
  return left
}

function keysOf(value: Keyed): PropertyKey[] {
  const keys: PropertyKey[] = Object.keys(value)
  for (const symbol of Object.getOwnPropertySymbols(value)) {
    if (isOwnEnumerable(value, symbol)) keys.push(symbol)
  }
  return keys
}

function isOwnEnumerable(value: Keyed, key: PropertyKey): boolean {
  return Object.prototype.propertyIsEnumerable.call(value, key)
}
