import type { Batch, ItemId } from '../auto-refresh.ts'
import { ask, askOrThrow } from './events.ts'
import type { Entry } from './entry.ts'
import type { State } from './state.ts'

/** Lets the policies make room for a new item. @throws what a policy throws, such as CAPACITY */
export function admitItem<Item>(state: State<Item>, id: ItemId, isApplication: boolean): void {
  for (const { admit } of state.policies) {
    if (admit !== undefined) askOrThrow(state, () => admit(id, isApplication))
  }
}

/** Tells the policies that the entry is new, was used, or has another status, owner or first subscriber. */
export function itemChanged<Item>(state: State<Item>, entry: Entry<Item>): void {
  for (const { changed } of state.policies) {
    if (changed !== undefined) ask(state, () => changed(entry), undefined)
  }
}

/** Tells the policies that the entry was removed. */
export function itemRemoved<Item>(state: State<Item>, entry: Entry<Item>): void {
  for (const { removed } of state.policies) {
    if (removed !== undefined) ask(state, () => removed(entry), undefined)
  }
}

/** When the policies let the next call start; the latest of them wins. */
export function policyStart<Item>(state: State<Item>, now: number, isAsked: boolean): number {
  let start = -Infinity
  for (const { startAt } of state.policies) {
    if (startAt !== undefined)
      start = Math.max(start, asTime(ask(state, () => startAt(now, isAsked), -Infinity)))
  }
  return start
}

/** Tells the policies that a call started, or settled. */
export function policyCallStarted<Item>(state: State<Item>, now: number): void {
  for (const { callStarted } of state.policies) {
    if (callStarted !== undefined) ask(state, () => callStarted(now), undefined)
  }
}

export function policyCallSettled<Item>(state: State<Item>, now: number, isFailed: boolean): void {
  for (const { callSettled } of state.policies) {
    if (callSettled !== undefined) ask(state, () => callSettled(now, isFailed), undefined)
  }
}

/** When the next policy wants to run. */
export function policyWake<Item>(state: State<Item>): number {
  let wake = Infinity
  for (const { wakeAt } of state.policies) {
    if (wakeAt !== undefined) wake = Math.min(wake, asTime(ask(state, wakeAt, Infinity), Infinity))
  }
  return wake
}

/** Runs the policies that want to. Returns true if one of them still wants to: it failed, and must not run again at once. */
export function runPolicies<Item>(state: State<Item>, now: number): boolean {
  let isStuck = false
  for (const { wakeAt, run } of state.policies) {
    if (run === undefined || wakeAt === undefined) continue
    const isDue = (): boolean => asTime(ask(state, wakeAt, Infinity), Infinity) <= now
    if (!isDue()) continue
    ask(state, () => run(now), undefined)
    isStuck ||= isDue()
  }
  return isStuck
}

/** Divides what is due by the one policy that does; undefined if there is none. A throw goes to the caller. */
export function policyBatches<Item>(
  state: State<Item>,
): ((due: Batch<Item>) => readonly (readonly ItemId[])[]) | undefined {
  const batches = state.policies.find((policy) => policy.batches !== undefined)?.batches
  if (batches === undefined) return undefined
  const idsOf = (batch: Iterable<{ readonly id: ItemId }>): ItemId[] => Array.from(batch, ({ id }) => id)
  return (due) => askOrThrow(state, () => Array.from(batches(due), idsOf))
}

/** A policy that answers no time stops nothing. */
function asTime(value: unknown, otherwise: number = -Infinity): number {
  return typeof value === 'number' && !Number.isNaN(value) ? value : otherwise
}
