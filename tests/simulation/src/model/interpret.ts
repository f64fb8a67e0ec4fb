import { type Item } from '../script.ts'
import { type Verdict } from './call.ts'
import { type ErrorExpectation } from './entry.ts'

export interface Interpretation {
  readonly verdicts: Map<string, Verdict>
  /** How many responses nobody asked for, or had no usable id. */
  readonly unexpected: number
}

const INVALID: ErrorExpectation = { kind: 'code', code: 'INVALID_RESPONSE' }

/** What a list of responses says of the ids that were asked for (F4). Ids that it leaves out are not in the result. */
export function interpret(
  responses: readonly unknown[],
  isAskedFor: (id: string) => boolean,
): Interpretation {
  const verdicts = new Map<string, Verdict>()
  let unexpected = 0
  for (const response of responses) {
    const id = field(response, 'id')
    if (typeof id !== 'string' || !isAskedFor(id)) unexpected += 1
    else verdicts.set(id, verdictOf(response))
  }
  return { verdicts, unexpected }
}

function verdictOf(response: unknown): Verdict {
  const action = field(response, 'action')
  const validator = field(response, 'validator')
  if (action === undefined || action === 'update') {
    const item = field(response, 'item')
    // The simulated backend sends items or nothing.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    if (item !== undefined && item !== null) return { says: 'update', item: item as Item, validator }
  }
  if (action === 'unchanged') return { says: 'unchanged', validator }
  if (action === 'delete') return { says: 'delete' }
  if (action === 'fail')
    return {
      says: 'fail',
      error: { kind: 'same', error: field(response, 'error') },
      retryAfter: field(response, 'retryAfter'),
    }
  return { says: 'fail', error: INVALID, retryAfter: undefined }
}

/** What F4 makes of an id that a response left out. */
export function verdictOfMissing(missing: 'unchanged' | 'fail' | 'delete'): Verdict {
  if (missing === 'delete') return { says: 'delete' }
  if (missing === 'fail') return { says: 'fail', error: INVALID, retryAfter: undefined }
  return { says: 'unchanged', validator: undefined }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
