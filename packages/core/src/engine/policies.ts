import type { Batch, ItemId } from '../auto-refresh.ts'
import { checkType } from './check.ts'
import { ask, askOrThrow } from './events.ts'
import type { Entry } from './entry.ts'
import type { PolicyHooks } from './policy.ts'
import type { State } from './state.ts'

/** Lets the policies make room for a new item. @throws what a policy throws, such as CAPACITY */
export function admitItem<Item>(state: State<Item>, id: ItemId, isApplication: boolean): void {
  for (const policy of state.policies) askOrThrow(state, () => policy.admit?.(id, isApplication))
}

/** Tells the policies of something by one of their hooks. */
export function tellPolicies<Item>(state: State<Item>, tell: (policy: PolicyHooks<Item>) => void): void {
  for (const policy of state.policies) ask(state, () => tell(policy), undefined)
}

/** Tells the policies that the entry is new, was used, or has another status, owner or first subscriber. */
export function itemChanged<Item>(state: State<Item>, entry: Entry<Item>): void {
  tellPolicies(state, (policy) => policy.changed?.(entry))
}

/** When the policies let the next call start; the latest of them wins. */
export function policyStart<Item>(state: State<Item>, now: number, isAsked: boolean): number {
  let start = -Infinity
  for (const policy of state.policies) {
    start = Math.max(
      start,
      askTime(state, () => policy.startAt?.(now, isAsked), -Infinity),
    )
  }
  return start
}

/** When the next policy wants to run. */
export function policyWake<Item>(state: State<Item>): number {
  return Math.min(...state.policies.map((policy) => wakeOf(state, policy)))
}

/** Runs the policies that want to. Returns true if one of them still wants to: it failed, and must not run again at once. */
export function runPolicies<Item>(state: State<Item>, now: number): boolean {
  let isStuck = false
  for (const policy of state.policies) {
    if (wakeOf(state, policy) > now) continue
    ask(state, () => policy.run?.(now), undefined)
    isStuck ||= wakeOf(state, policy) <= now
  }
  return isStuck
}

function wakeOf<Item>(state: State<Item>, policy: PolicyHooks<Item>): number {
  return askTime(state, () => policy.wakeAt?.(), Infinity)
}

/** Divides what is due by the one policy that does; undefined if there is none. A throw goes to the caller. */
export function policyBatches<Item>(
  state: State<Item>,
): ((due: Batch<Item>) => readonly (readonly ItemId[])[]) | undefined {
  const batches = state.policies.find((policy) => policy.batches !== undefined)?.batches
  if (batches === undefined) return undefined
  return (due) => askOrThrow(state, () => [...batches(due)].map(idsOf))
}

/** @throws {TypeError} if an entry has no id, or the batch is nothing to walk over */
function idsOf(batch: Iterable<{ readonly id: ItemId }>): readonly ItemId[] {
  return [...batch].map(({ id }) => {
    checkType('customBatches: an id', id, 'string')
    return id
  })
}

/** Asks a policy for a time. One that answers none stops nothing. */
function askTime<Item>(state: State<Item>, question: () => unknown, otherwise: number): number {
  const time = ask(state, question, otherwise)
  return typeof time === 'number' && !Number.isNaN(time) ? time : otherwise
}
