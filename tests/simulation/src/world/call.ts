import type { CallKind } from '@auto-refresh/core'
import type { Item } from '../script.ts'

/** An error that the cache must show: this very one, or one of its own with this code. */
export type ExpectedError = { readonly is: unknown } | { readonly code: string }

/** Meaning of an answer for one id, by F4 and F17. */
export type Verdict =
  | { readonly says: 'update'; readonly item: Item; readonly validator: unknown }
  | { readonly says: 'unchanged'; readonly validator: unknown }
  | { readonly says: 'delete' | 'omitted' }
  | { readonly says: 'fail'; readonly error: ExpectedError; readonly retryAfter: unknown }

export type Outcome =
  | { readonly hasFailed: true; readonly error: ExpectedError; readonly retryAfter: unknown }
  | { readonly hasFailed: false; readonly verdicts: ReadonlyMap<string, Verdict> }

/** An item as a call took it along. */
export interface Sent {
  readonly generation: number
  readonly revision: number
  readonly reopens: boolean
  /** Its interval was that of a state which it had adopted (E2). */
  readonly isByAdopted: boolean
}

/** One run of the sync function. */
export interface Call {
  readonly number: number
  readonly kind: CallKind
  readonly ids: readonly string[]
  readonly sent: ReadonlyMap<string, Sent>
  readonly startedAt: number
  readonly startedWall: number
  /** The place of its start in the order of everything that happens. */
  readonly order: number
  readonly signal: AbortSignal
  /** `aborted` was cut off by `stop` or `clear`, and is `over` once the backend has let go of it. */
  state: 'running' | 'answered' | 'timed-out' | 'aborted' | 'over'
  settledAt: number
  outcome: Outcome | undefined
  /** Result for each item, once the cache knows it. */
  readonly results: Map<string, 'ok' | ExpectedError>
}

/** The code of an error of the package; of others, the error. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : error
}

export function isExpected(expected: ExpectedError, actual: unknown): boolean {
  return 'is' in expected ? expected.is === actual : expected.code === codeOf(actual)
}
