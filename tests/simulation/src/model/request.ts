import { type ModelCall } from './call.ts'
import { type ErrorExpectation, type ModelEntry } from './entry.ts'

/** One `refresh`: what its promise has to come to, and what it came to (S8). */
export interface Request {
  readonly id: string
  readonly entry: ModelEntry | undefined
  servedBy: ModelCall | undefined
  expected: 'pending' | 'done' | 'vague' | ErrorExpectation
  actual: 'pending' | 'done' | { readonly error: unknown }
}

/** Where it is not known which incarnation was asked for, it may be any. */
export function isOf({ id, entry, expected }: Request, other: ModelEntry): boolean {
  return entry === other || (expected === 'vague' && id === other.id)
}
