import type { ItemId, SyncResponse } from '../auto-refresh.ts'
import { applyResponse, hasInterval, newSettlement, planNext, reportUnexpected } from './apply.ts'
import { addEntry, takeOwnership } from './entries.ts'
import { evaluateInterval } from './interval.ts'
import { idOf, nameOf, parseResponse, type ParsedResponse, type RawResponse } from './responses.ts'
import { delayRetry } from './retries.ts'
import { forgetPlace, type Settlement } from './schedule.ts'
import { dropSnapshot } from './snapshot.ts'
import { type Entry, isRefreshable } from './entry.ts'
import type { State } from './state.ts'

/**
 * Applies what was pushed, like a sync result of this moment (W10, W14).
 *
 * @throws {TypeError} if `responses` is no array
 * @throws what a policy throws that refuses a new item, after the rest was applied
 */
export function ingest<Item>(
  state: State<Item>,
  responses: readonly SyncResponse<Item>[],
  create: boolean,
): void {
  if (!Array.isArray(responses)) {
    throw new TypeError(`ingest takes an array of responses, got ${nameOf(responses)}`)
  }
  // Of two responses for one id the last counts.
  const pushed = new Map<ItemId, RawResponse<Item>>()
  for (const response of responses as readonly (RawResponse<Item> | null | undefined)[]) {
    const given = response ?? {}
    const id = idOf(given)
    if (id === undefined) reportUnexpected(state, id, response)
    else pushed.set(id, given)
  }
  const settlement = newSettlement(state)
  let refused: { readonly error: unknown } | undefined
  for (const [id, response] of pushed) {
    const parsed = parseResponse(response, id)
    const entry = state.entries.get(id)
    if (entry !== undefined) {
      push(state, entry, parsed, settlement)
      if (create && parsed.action === 'update') takeOwnership(state, entry)
    } else if (create && parsed.action === 'update') {
      try {
        pushNew(state, id, parsed, settlement)
      } catch (error) {
        refused ??= { error }
      }
    } else {
      reportUnexpected(state, id, response)
    }
  }
  if (refused !== undefined) throw refused.error
}

function push<Item>(
  state: State<Item>,
  entry: Entry<Item>,
  response: ParsedResponse<Item>,
  settlement: Settlement,
): void {
  const failure = applyResponse(state, entry, response, undefined, settlement.at)
  if (entry.status === 'missing') return
  // It stays in its retry group, and is due with that (F19).
  if (entry.failures?.retryGroup !== undefined) {
    if (hasInterval(entry)) evaluateInterval(state, entry)
    delayRetry(state, entry, failure?.retryAfter ?? 0)
  } else {
    if (isRefreshable(entry)) forgetPlace(entry)
    planNext(state, entry, failure, settlement)
  }
  dropSnapshot(state, entry)
}

function pushNew<Item>(
  state: State<Item>,
  id: ItemId,
  { item, validator }: { readonly item: Item; readonly validator: unknown },
  settlement: Settlement,
): void {
  const entry = addEntry(state, id, item, true)
  entry.validator = validator
  entry.refreshedAt = settlement.at
  planNext(state, entry, undefined, settlement)
}
