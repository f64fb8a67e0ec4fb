import type { Item, Say } from '../script.ts'
import type { Outcome, Verdict } from './call.ts'
import type { Ledger } from './ledger.ts'

/** A response as the cache gets it, and what it means for the id that it is about. */
export interface Reply {
  readonly response: unknown
  /** Undefined if it is about none that was asked for. */
  readonly id: string | undefined
  readonly verdict: Verdict
  /** False if not even the cache could tell an id. */
  readonly hasId: boolean
}

const INVALID: Verdict = { says: 'fail', error: { code: 'INVALID_RESPONSE' }, retryAfter: undefined }

/** One reply or more for each id, good and bad ones. */
export function repliesTo(
  ids: readonly string[],
  says: readonly Say[],
  read: (id: string) => Item | undefined,
  ledger: Ledger,
): Reply[] {
  return ids.flatMap((id, index) => {
    const say = says[index % says.length]
    return say === undefined ? [] : repliesFor(id, say, read(id), ledger)
  })
}

function repliesFor(id: string, say: Say, truth: Item | undefined, ledger: Ledger): Reply[] {
  const { validator, retryAfter } = say
  const carried = validator === undefined ? {} : { validator }
  const reply = (response: unknown, verdict: Verdict): Reply => ({ response, id, verdict, hasId: true })
  /** An object of its own each time, as from a network. */
  const update = (as: unknown = id): Reply => {
    if (truth === undefined) return reply({ id, action: 'delete' }, { says: 'delete' })
    const item = ledger.known({ ...truth })
    const isSame = String(as) === id
    return reply({ id: as, item, ...carried }, isSame ? { says: 'update', item, validator } : INVALID)
  }
  switch (say.say) {
    case 'truth':
      return [update()]
    case 'unchanged':
      return [reply({ id, action: 'unchanged', ...carried }, { says: 'unchanged', validator })]
    case 'delete':
      return [reply({ id, action: 'delete' }, { says: 'delete' })]
    case 'fail': {
      const error = new Error('of one id')
      return [
        reply({ id, action: 'fail', error, retryAfter }, { says: 'fail', error: { is: error }, retryAfter }),
      ]
    }
    case 'omit':
      return []
    case 'number':
      return [update(/^\d+$/.test(id) ? Number(id) : id)]
    case 'upper':
      return [update(id.toUpperCase())]
    case 'space':
      return [update(` ${id} `)]
    case 'percent':
      return [
        update(
          id
            .split('')
            .map((one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`)
            .join(''),
        ),
      ]
    case 'no-item':
      return [reply({ id, item: null }, INVALID)]
    case 'bad-action':
      return [reply({ id, action: 'explode', item: truth }, INVALID)]
    case 'twice':
      return [reply({ id, item: ledger.known({ id, v: -1, by: 'server' }) }, INVALID), update()]
    case 'foreign':
      return [{ response: { id: 'nobody', item: { v: 1 } }, id: undefined, verdict: INVALID, hasId: true }]
    default:
      return [{ response: null, id: undefined, verdict: INVALID, hasId: false }]
  }
}

/** Meaning of the replies (F4, F17, F18). */
export function interpret(replies: readonly Reply[], ids: readonly string[]): Outcome {
  if (replies.length > 0 && !replies.some(({ hasId }) => hasId))
    return { hasFailed: true, error: { code: 'INVALID_RESPONSE' }, retryAfter: undefined }
  const verdicts = new Map<string, Verdict>()
  for (const { id, verdict } of replies) if (id !== undefined) verdicts.set(id, verdict)
  for (const id of ids) if (!verdicts.has(id)) verdicts.set(id, { says: 'omitted' })
  return { hasFailed: false, verdicts }
}
