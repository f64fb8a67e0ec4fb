import { type Item } from './script.ts'

/** The item, or the code of what was thrown. */
export function attempt(make: () => Item): unknown {
  try {
    return make()
  } catch (error) {
    return codeOf(error)
  }
}

/** The code of an error of the package; of others, the error. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : error
}

/** A value as messages show it. */
export function show(value: unknown): string {
  return typeof value === 'object' && value instanceof Error
    ? String(value)
    : (JSON.stringify(value) ?? 'undefined')
}
