import { type Batch } from '@auto-refresh/core'
import { type Answer, type Item, type Verdict } from './script.ts'

/** The responses to a batch, good and bad ones. `known`: ids among which a response for another id is found. */
export function answersTo(batch: Batch<Item>, answer: Answer, known: Iterable<string>): unknown[] {
  return responsesOf(
    batch.map(({ id, item }) => [id, item] as const),
    answer.says,
    known,
  )
}

/** What each verdict is as a response. */
export function responsesOf(
  asked: readonly (readonly [string, Item | undefined])[],
  says: readonly Verdict[],
  known: Iterable<string>,
): unknown[] {
  return asked.flatMap(([id, item], index) => {
    const verdict = says[index % says.length]
    return verdict === undefined ? [] : responseOf(id, item, verdict, asked, known)
  })
}

function responseOf(
  id: string,
  present: Item | undefined,
  verdict: Verdict,
  asked: readonly (readonly [string, unknown])[],
  known: Iterable<string>,
): unknown[] {
  const { say, item = { v: 9 } } = verdict
  const validator = verdict.validator === undefined ? {} : { validator: verdict.validator }
  switch (say) {
    case 'update':
      // A response is an object of its own each time.
      return [{ id, item: { ...item }, ...validator }]
    case 'same':
      return [{ id, action: 'update', item: { ...(present ?? item) }, ...validator }]
    case 'unchanged':
      return [{ id, action: say, ...validator }]
    case 'delete':
      return [{ id, action: say }]
    case 'fail':
      return [{ id, action: say, error: new Error('of one id'), retryAfter: verdict.retryAfter }]
    case 'omit':
      return []
    case 'null':
      return [null, { item }]
    case 'no-item':
      return [{ id, item: null }]
    case 'bad-action':
      return [{ id, action: 'explode', item }]
    case 'twice':
      return [
        { id, item: { v: 8 } },
        { id, item: { ...item } },
      ]
    default:
      return [{ id: foreign(asked, known), item: { ...item } }]
  }
}

function foreign(asked: readonly (readonly [string, unknown])[], known: Iterable<string>): string {
  for (const id of known) if (!asked.some(([other]) => other === id)) return id
  return 'nobody'
}
