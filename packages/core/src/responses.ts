import type { ItemId } from './auto-refresh.ts'
import { AutoRefreshError, quote } from './errors.ts'

/** A response as it came: nothing of it is checked, and reading it may throw. */
export interface RawResponse<Item> {
  readonly id?: unknown
  readonly action?: unknown
  readonly item?: Item | null | undefined
  readonly validator?: unknown
  readonly error?: unknown
  readonly retryAfter?: unknown
}

/** Why an item could not be refreshed. */
export interface Failure {
  readonly error: unknown
  /** ms; 0 for none. */
  readonly retryAfter: number
  /** It says something about the item, not only about the call that it was in (F2). */
  readonly isOwn: boolean
}

/** What a response says, read once and checked. */
export type Reading<Item> =
  | { readonly action: 'update'; readonly item: Item; readonly validator: unknown }
  | { readonly action: 'unchanged'; readonly validator: unknown }
  | { readonly action: 'delete' }
  | ({ readonly action: 'fail' } & Failure)

/** Whether a sync function answered something that responses can be read from. A string is one only by accident. */
export function areResponses(responses: unknown): boolean {
  return (
    typeof responses === 'object' &&
    responses !== null &&
    typeof Reflect.get(responses, Symbol.iterator) === 'function'
  )
}

/** The id that a response is for; undefined where it has none. */
export function idOf(response: RawResponse<unknown>): ItemId | undefined {
  try {
    const { id } = response
    return typeof id === 'string' ? id : undefined
  } catch {
    return undefined
  }
}

/** Reads a response that is for `id`. What is malformed is a failure of that id alone (F4). */
export function readResponse<Item>(response: RawResponse<Item>, id: ItemId): Reading<Item> {
  let why = 'it cannot be read'
  let options: { readonly cause: unknown } | undefined
  try {
    const { action = 'update', item, validator } = response
    if (action === 'unchanged') return { action, validator }
    if (action === 'delete') return { action }
    if (action === 'fail') return { action, ...failureOf(response.error, response) }
    if (action !== 'update') why = `its action is ${String(action)}`
    else if (item !== undefined && item !== null) return { action, item, validator }
    else why = `its item is ${String(item)}`
  } catch (cause) {
    options = { cause }
  }
  const message = `the response for ${quote(id)} is malformed: ${why}`
  return { action: 'fail', ...failureOf(new AutoRefreshError('INVALID_RESPONSE', message, options)) }
}

/** ms; the longest that a source can hold up its items (F2). */
const MAX_RETRY_AFTER = 86_400_000

/** The failure of one item. @param source what may say how long to wait: `retryAfter` in ms, if that is usable */
export function failureOf(error: unknown, source: unknown = error, isOwn: boolean = true): Failure {
  let retryAfter = 0
  try {
    const given: unknown = Reflect.get(new Object(source), 'retryAfter')
    if (typeof given === 'number' && given > 0) retryAfter = Math.min(given, MAX_RETRY_AFTER)
  } catch {
    // Then it says nothing.
  }
  return { error, retryAfter, isOwn }
}

/** Null and undefined are not items (W1). What else an item is, is the application's affair. */
export function isItem(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** The answer of a call, by the positions of what was asked for. */
export interface Answer<Item> {
  /** A hole is an id that was left out. */
  readonly responses: readonly (RawResponse<Item> | undefined)[]
  /** What the iteration threw halfway. */
  readonly interrupted: { readonly error: unknown } | undefined
}

/** How many responses are read beyond those that were asked for: an iterable may have no end (F4). */
const MAX_SURPLUS = 1_000_000

/**
 * Finds out what each response is for: by position first, which is where most sources put it.
 *
 * @param unexpected is told of every response that nobody asked for
 */
export function matchResponses<Item>(
  given: Iterable<RawResponse<Item>>,
  asked: readonly { readonly id: ItemId }[],
  unexpected: (id: ItemId | undefined, response: unknown) => void,
): Answer<Item> {
  const responses: (RawResponse<Item> | undefined)[] = []
  let positions: Map<ItemId | undefined, number> | undefined
  let next = 0
  let room = asked.length + MAX_SURPLUS
  try {
    for (const response of given) {
      room -= 1
      if (room < 0) throw new AutoRefreshError('INVALID_RESPONSE', 'the answer has no end')
      const id = idOf(response)
      let position: number | undefined = next
      if (id === undefined || id !== asked[next]?.id) {
        positions ??= new Map(asked.map((each, index) => [each.id, index]))
        position = positions.get(id)
      }
      if (position === undefined) {
        unexpected(id, response)
        continue
      }
      responses[position] = response
      next = position + 1
    }
    return { responses, interrupted: undefined }
  } catch (error) {
    return { responses, interrupted: { error } }
  }
}
