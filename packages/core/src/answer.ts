/** @throws {TypeError} for a promise, which counts as true although nobody knows its answer yet */
export function truthOf(answer: unknown): boolean {
  if (isThenable(answer)) throw new TypeError('must return true or false, got a promise')
  return Boolean(answer)
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
