/** Parts of a value that are looked at; one with more is too large to edit by hand. */
const MOST_PARTS = 10_000

/** True if the value comes back from JSON as it was, so that editing it as JSON loses nothing. */
export function isJson(value: unknown): boolean {
  let parts = 0
  const above = new Set<object>()
  const check = (part: unknown): boolean => {
    parts += 1
    if (parts > MOST_PARTS) return false
    if (part === null || typeof part === 'string' || typeof part === 'boolean') return true
    if (typeof part === 'number') return Number.isFinite(part) && !Object.is(part, -0)
    if (typeof part !== 'object' || above.has(part) || !isPlain(part)) return false
    above.add(part)
    const isFine = Object.keys(part).every((key) => {
      const inner: unknown = Reflect.get(part, key)
      // JSON leaves the property out, which reads the same.
      return (inner === undefined && !Array.isArray(part)) || check(inner)
    })
    above.delete(part)
    return isFine
  }
  try {
    return check(value)
  } catch {
    return false
  }
}

function isPlain(value: object): boolean {
  if ('toJSON' in value) return false
  if (Array.isArray(value)) return Object.keys(value).length === value.length
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
