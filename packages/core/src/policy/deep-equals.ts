/** How deep two values are followed. JSON that people read is far flatter; a cycle ends here. */
const MAX_DEPTH = 500

/**
 * How many properties are compared. What holds one object twice, and that one another twice, has more ways through it than
 * there is time for.
 */
const MAX_PROPERTIES = 1_000_000

/**
 * Whether two values hold the same plain data (W8): objects and arrays by their own enumerable keys, symbols and keys
 * like `__proto__` included, dates by their time, primitives by `Object.is`, all else by reference. What is too deep or
 * too much to follow, a cycle included, is not equal: a refresh too many is told, never one too few.
 */
export function deepEquals(previous: unknown, next: unknown): boolean {
  return equals(previous, next, 0, { size: MAX_PROPERTIES })
}

/** How many properties may still be compared. */
interface Budget {
  size: number
}

type Keyed = Readonly<Record<PropertyKey, unknown>>

function isKeyed(value: unknown): value is Keyed {
  return typeof value === 'object' && value !== null
}

function equals(a: unknown, b: unknown, depth: number, budget: Budget): boolean {
  // Mostly enough, and cheaper than `Object.is`, which tells 0 from -0 and knows NaN.
  if ((a === b && a !== 0) || Object.is(a, b)) return true
  if (!isKeyed(a) || !isKeyed(b)) return false
  if (a instanceof Date) return b instanceof Date && Object.is(a.getTime(), b.getTime())
  return depth < MAX_DEPTH && areAlike(a, b) && sameProperties(a, b, depth + 1, budget)
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
  const prototype = Reflect.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || Reflect.getPrototypeOf(prototype) === null
}

function sameProperties(a: Keyed, b: Keyed, depth: number, budget: Budget): boolean {
  const keys = Object.keys(a)
  const others = Object.keys(b)
  budget.size -= keys.length
  if (keys.length !== others.length || budget.size < 0) return false
  // Read all at once, for to read one by its name costs more. They come in the order of the keys.
  const values = Object.values(a)
  const otherValues = Object.values(b)
  let index = -1
  for (const key of keys) {
    index += 1
    // Answers of one server have their keys in one order, so the look-up is rarely needed.
    const isInPlace = key === others[index]
    if (!isInPlace && !isOwnEnumerable(b, key)) return false
    if (!equals(values[index], isInPlace ? otherValues[index] : b[key], depth, budget)) return false
  }
  return sameSymbols(a, b, depth, budget)
}

function sameSymbols(a: Keyed, b: Keyed, depth: number, budget: Budget): boolean {
  const symbols = symbolsOf(a)
  const others = symbolsOf(b)
  if (symbols.length !== others.length) return false
  // Nearly always, and what follows costs more than all that came before.
  if (symbols.length === 0) return true
  budget.size -= symbols.length
  return symbols.every((symbol) => isOwnEnumerable(b, symbol) && equals(a[symbol], b[symbol], depth, budget))
}

function symbolsOf(value: Keyed): symbol[] {
  const symbols = Object.getOwnPropertySymbols(value)
  return symbols.length === 0 ? symbols : symbols.filter((symbol) => isOwnEnumerable(value, symbol))
}

function isOwnEnumerable(value: Keyed, key: PropertyKey): boolean {
  return Object.prototype.propertyIsEnumerable.call(value, key)
}
