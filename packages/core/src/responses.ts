import type { ItemId, SyncResponse } from './auto-refresh.ts'
import { AutoRefreshError, quote } from './errors.ts'

/** What a response says, read once and checked. */
export type Reading<Item> =
  | { readonly action: 'update'; readonly item: Item; readonly validator: unknown }
  | { readonly action: 'unchanged'; readonly validator: unknown }
  | { readonly action: 'delete' }
  | { readonly action: 'fail'; readonly error: unknown; readonly retryAfter: number }

/** Whether a sync function answered something that responses can be read from. A string is one only by accident. */
export function areResponses(responses: unknown): responses is Iterable<unknown> {
  return (
    typeof responses === 'object' &&
    responses !== null &&
    typeof Reflect.get(responses, Symbol.iterator) === 'function'
  )
}

/** The id that a response is for; undefined where it has none. */
export function idOf(response: SyncResponse<unknown>): ItemId | undefined {
  try {
    const id = typeof response === 'object' ? response.id : undefined
    return typeof id === 'string' ? id : undefined
  } catch {
    return undefined
  }
}

/** Reads a response that is for `id`. What is malformed is a failure of that id alone (F4). */
export function readResponse<Item>(response: SyncResponse<Item>, id: ItemId): Reading<Item> {
  try {
    const { action } = response
    switch (action) {
      case undefined:
      case 'update': {
        const { item, validator } = response
        return isItem(item)
          ? { action: 'update', item, validator }
          : malformed(id, `its item is ${String(item)}`)
      }
      case 'unchanged':
        return { action, validator: response.validator }
      case 'delete':
        return { action }
      case 'fail':
        return { action, error: response.error, retryAfter: retryAfterOf(response) }
      default:
        return malformed(id, `its action is ${String(action)}`)
    }
  } catch (error) {
    return malformed(id, 'it cannot be read', error)
  }
}

/** ms that an error, or a response, wants waited; 0 where it says nothing usable. */
export function retryAfterOf(source: unknown): number {
  if (typeof source !== 'object' || source === null) return 0
  try {
    const retryAfter: unknown = Reflect.get(source, 'retryAfter')
    return typeof retryAfter === 'number' && retryAfter > 0 && retryAfter < Infinity ? retryAfter : 0
  } catch {
    return 0
  }
}

/** Null and undefined are not items (W1). */
export function isItem(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** A failure of one id, made by this package. */
export function invalidResponse(message: string, cause?: unknown): AutoRefreshError {
  return new AutoRefreshError('INVALID_RESPONSE', message, cause === undefined ? undefined : { cause })
}

function malformed(id: ItemId, why: string, cause?: unknown): Reading<never> {
  const error = invalidResponse(`the response for ${quote(id)} is malformed: ${why}`, cause)
  return { action: 'fail', error, retryAfter: 0 }
}

/** The answer of a call, by the positions of what was asked for. */
export interface Matched<Item> {
  /** A hole is an id that was left out. */
  readonly readings: readonly (Reading<Item> | undefined)[]
  /** What the iteration threw halfway. */
  readonly interrupted: { readonly error: unknown } | undefined
}

/**
 * Reads each response, and finds out what it is for: by position first, which is where most sources put it.
 *
 * @param unexpected is told of every response that nobody asked for
 */
export function matchResponses<Item>(
  responses: Iterable<SyncResponse<Item>>,
  asked: readonly { readonly id: ItemId }[],
  unexpected: (id: ItemId | undefined, response: unknown) => void,
): Matched<Item> {
  const readings: (Reading<Item> | undefined)[] = Array.from({ length: asked.length })
  let positions: Map<ItemId, number> | undefined
  let next = 0
  try {
    for (const response of responses) {
      const id = idOf(response)
      if (id === undefined) {
        unexpected(id, response)
        continue
      }
      if (asked[next]?.id !== id) {
        positions ??= new Map(asked.map((each, position) => [each.id, position]))
        const position = positions.get(id)
        if (position === undefined) {
          unexpected(id, response)
          continue
        }
        next = position
      }
      readings[next] = readResponse(response, id)
      next += 1
    }
    return { readings, interrupted: undefined }
  } catch (error) {
    return { readings, interrupted: { error } }
  }
}
