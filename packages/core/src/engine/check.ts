/** @throws {TypeError} if `value` is not of the type, naming the option and the value */
export function checkType(name: string, value: unknown, type: string): void {
  if (typeof value === type && value !== null) return
  throw new TypeError(`${name} must be of type ${type}, got ${show(value)}`)
}

/**
 * @param range how the message describes the right numbers
 * @throws {TypeError | RangeError} if `value` is no number, or `isRight` is false
 */
export function checkNumber(name: string, value: number, range: string, isRight: boolean): void {
  checkType(name, value, 'number')
  if (!isRight) throw new RangeError(`${name} must be ${range}, got ${value}`)
}

/** Returns a value as messages show it. */
export function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
