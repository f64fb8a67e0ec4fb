/** @throws {TypeError} if `value` is not of the type, naming the option and the value */
export function checkType(name: string, value: unknown, type: string): void {
  if (typeof value === type && value !== null) return
  throw new TypeError(`${name} must be of type ${type}, got ${show(value)}`)
}

/**
 * @param range how the message describes the right numbers
 * @throws {TypeError | RangeError} if `value` is no number, or not a right one
 */
export function checkNumber(
  name: string,
  value: number,
  range: string,
  isRight: (value: number) => boolean,
): void {
  checkType(name, value, 'number')
  if (!isRight(value)) throw new RangeError(`${name} must be ${range}, got ${value}`)
}

/** Checks an integer ≥ 1, or `Infinity`. */
export function checkCount(name: string, value: number): void {
  checkNumber(name, value, 'an integer ≥ 1', (count) => count >= 1 && (count === Infinity || count % 1 === 0))
}

/** Checks a number > 0, or `Infinity`. */
export function checkPositive(name: string, value: number): void {
  checkNumber(name, value, '> 0', (number) => number > 0)
}

/** @throws {TypeError} if it is no function */
export function checkListener(listener: unknown): void {
  if (typeof listener !== 'function')
    throw new TypeError(`a listener must be a function, got ${show(listener)}`)
}

/** Returns a value as messages show it. */
export function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
