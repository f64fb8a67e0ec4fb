/** Maximum depth that is compared. JSON that people read is far flatter; a cycle ends here. */
const MAX_DEPTH = 500

/** Maximum number of values that are compared, because shared parts can make a value exponentially large. */
const MAX_VALUES = 1_000_000

/**
 * True if two values hold the same data (W8). Compares by content:
 *
 * - plain objects and arrays, and instances of one class that have own enumerable string keys, by these keys,
 * - dates, regular expressions, typed arrays, `DataView` and `ArrayBuffer`,
 * - the values of a `Map` in depth, the members of a `Set` by `has`.
 *
 * Primitives are compared by `Object.is`; errors and everything else by reference. Symbols are ignored. A value that is
 * deeper than 500 levels or has more than a million values counts as different, so a cycle does, too.
 *
 * Throws what a getter, a proxy or an unusual `toStringTag` throws.
 */
export function deepEquals(previous: unknown, next: unknown): boolean {
  return equals(previous, next, 0, { values: MAX_VALUES })
}

/** The number of values that may still be compared. */
interface Budget {
  values: number
}

type Keyed = Readonly<Record<string, unknown>>

function isKeyed(value: unknown): value is Keyed {
  return typeof value === 'object' && value !== null
}

function equals(a: unknown, b: unknown, depth: number, budget: Budget): boolean {
  // Cheaper than `Object.is`, which is needed for 0, -0 and NaN only.
  if ((a === b && a !== 0) || Object.is(a, b)) return true
  if (!isKeyed(a) || !isKeyed(b) || depth >= MAX_DEPTH) return false
  const prototype: unknown = Object.getPrototypeOf(a)
  const isSameClass = prototype === Object.getPrototypeOf(b)
  // Hot path: JSON.
  if (isSameClass && (prototype === Object.prototype || prototype === null))
    return sameKeys(a, b, depth + 1, budget)
  if (Array.isArray(a) && Array.isArray(b)) {
    const isAlike = isSameClass || areBuiltIn(a, b, 2)
    return isAlike && a.length === b.length && sameKeys(a, b, depth + 1, budget)
  }
  return sameOther(a, b, isSameClass, depth + 1, budget)
}

/** Compares own enumerable string keys, `__proto__` among them. */
function sameKeys(a: Keyed, b: Keyed, depth: number, budget: Budget): boolean {
  const keys = Object.keys(a)
  const others = Object.keys(b)
  if (!isSameSize(keys.length, others.length, budget)) return false
  // In the order of the keys. Reading all at once is cheaper than reading each by its name.
  const values = Object.values(a)
  const otherValues = Object.values(b)
  let index = -1
  for (const key of keys) {
    index += 1
    // The answers of one server have their keys in one order, so the look-up by name is rare.
    const isInPlace = key === others[index]
    if (!isInPlace && !Object.prototype.propertyIsEnumerable.call(b, key)) return false
    if (!equals(values[index], isInPlace ? otherValues[index] : b[key], depth, budget)) return false
  }
  return true
}

/** Compares what is neither JSON of this realm nor an array. `depth` is that of the parts. */
function sameOther(a: Keyed, b: Keyed, isSameClass: boolean, depth: number, budget: Budget): boolean {
  // Not `instanceof` alone, which is false for objects of another realm (an iframe, `node:vm`).
  const tag = tagOf(a)
  if (tag !== tagOf(b) || tag === '[object Error]' || a instanceof Error) return false
  const elements = elementsOf(a)
  if (elements !== undefined) {
    return (isSameClass || areBuiltIn(a, b, 3)) && sameElements(elements, elementsOf(b), budget)
  }
  const isSameContent = sameContent(a, b, tag, depth, budget)
  if (isSameContent !== undefined) {
    return (isSameClass || areBuiltIn(a, b, 2)) && isSameContent && sameKeys(a, b, depth, budget)
  }
  const isPlain = areBuiltIn(a, b, 1)
  return (isPlain || (isSameClass && Object.keys(a).length > 0)) && sameKeys(a, b, depth, budget)
}

/** Compares what the keys do not show; undefined if a value with this tag has nothing of the kind. */
function sameContent(a: Keyed, b: Keyed, tag: string, depth: number, budget: Budget): boolean | undefined {
  switch (tag) {
    case '[object Date]':
      return Object.is(Number(a), Number(b))
    case '[object RegExp]':
      return ['source', 'flags', 'lastIndex'].every((key) => a[key] === b[key])
    default:
      return isCollection(a) && isCollection(b) ? sameMembers(a, b, depth, budget) : undefined
  }
}

/** Compares the members of sets, or the keys and values of maps. */
function sameMembers(a: Collection, b: Collection, depth: number, budget: Budget): boolean {
  if (!isSameSize(a.size, b.size, budget)) return false
  for (const key of a.keys()) {
    if (!b.has(key) || !equals(a.get?.(key), b.get?.(key), depth, budget)) return false
  }
  return true
}

/** Counts the values that will be compared. False if the sizes differ, or there are too many. */
function isSameSize(a: number, b: number | undefined, budget: Budget): boolean {
  budget.values -= a
  return a === b && budget.values >= 0
}

/** Elements of a typed array, bytes of a `DataView` or an `ArrayBuffer`; undefined for anything else. */
function elementsOf(value: object): ArrayLike<unknown> | undefined {
  // `DataView` throws if something else has this tag; `Uint8Array` would make an empty array of it.
  if (isArrayBuffer(value)) return new Uint8Array(new DataView(value).buffer)
  if (!ArrayBuffer.isView(value)) return undefined
  return isArrayLike(value) ? value : new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}

function sameElements(a: ArrayLike<unknown>, b: ArrayLike<unknown> | undefined, budget: Budget): boolean {
  if (!isSameSize(a.length, b?.length, budget)) return false
  for (let index = 0; index < a.length; index++) if (!Object.is(a[index], b?.[index])) return false
  return true
}

/**
 * True if both have at most `height` prototypes. So many has the built-in class, in any realm; a class that extends it
 * has more.
 */
function areBuiltIn(a: object, b: object, height: number): boolean {
  return heightOf(a) <= height && heightOf(b) <= height
}

/** Number of prototypes. */
function heightOf(value: object): number {
  let height = 0
  for (let next = Reflect.getPrototypeOf(value); next !== null; next = Reflect.getPrototypeOf(next))
    height += 1
  return height
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value)
}

/** The methods that a `Map` and a `Set` have in common. */
interface Collection {
  readonly size: number
  keys(): Iterable<unknown>
  has(key: unknown): boolean
  get?(key: unknown): unknown
}

function isCollection(value: object): value is Collection {
  return ['[object Map]', '[object Set]'].includes(tagOf(value))
}

function isArrayBuffer(value: object): value is ArrayBuffer {
  return tagOf(value) === '[object ArrayBuffer]'
}

function isArrayLike(value: object): value is ArrayLike<unknown> {
  return 'length' in value
}
