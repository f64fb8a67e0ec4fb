import type { InMemoryAutoRefresh, ItemId, Policy } from '@auto-refresh/core'
import { adopt, type AdoptedState, refreshIds, stateOf } from '@auto-refresh/core/adapter'
import type { SharedOptions } from '../shared-options.ts'
import type { OpenTicket } from './tickets.ts'

/** ms over which overdue items are spread if the interval is a function. */
const SPAN = 10_000

/**
 * The front's clock asks the source again. What is overdue goes at once, or is spread over an interval if many fall alone at
 * the same time (K7).
 *
 * @param options undefined: nobody else falls alone
 */
export function openGate<Item>(
  front: InMemoryAutoRefresh<Item>,
  wants: Iterable<ItemId>,
  options: SharedOptions<Item> | undefined,
): void {
  const spread: AdoptedState<Item>[] = []
  if (options?.transport.timing.spread === true) {
    const { interval, random = () => Math.random() } = options
    const span = typeof interval === 'number' && interval < Infinity ? interval : SPAN
    for (const id of wants) {
      const state = stateOf(front, id)
      if (state?.item === undefined || state.next === undefined || state.next > 0) continue
      spread.push({ ...state, take: 'failure', next: random() * span })
    }
  }
  adopt(front, spread)
}

/** Does what the leader was asked for (K5). */
export function refreshAlone<Item>(front: InMemoryAutoRefresh<Item>, tickets: readonly OpenTicket[]): void {
  for (const { ids, all, settle } of tickets) {
    if (all === true) {
      refreshIds(front, ids).then(
        () => ids.map((id) => settle(id, undefined)),
        (error: unknown) => ids.map((id) => settle(id, { error })),
      )
      continue
    }
    for (const id of ids) {
      front.refresh(id).then(
        () => settle(id, undefined),
        (error: unknown) => settle(id, { error }),
      )
    }
  }
}

/** The policies of the front. What is no list is refused by the front (L7). */
export function frontPolicies<Item>(
  { policies, transport }: SharedOptions<Item>,
  own: Policy<Item>,
): readonly Policy<Item>[] {
  if (policies !== undefined && !isList(policies)) return policies
  return [...(policies ?? []).map((policy) => transport.divide?.(policy) ?? policy), own]
}

function isList(value: unknown): boolean {
  return Array.isArray(value)
}
