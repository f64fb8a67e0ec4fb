import { expireEntry, removeEntry } from './entries.ts'
import type { PolicyHooks, PolicyHost, PolicyItem } from './policy.ts'
import type { Entry } from './entry.ts'
import type { State } from './state.ts'

/**
 * Calls the policies of the options, which get what they need of the cache (C3).
 *
 * @throws {TypeError} if two of them divide batches, or one returns no hooks
 */
export function createPolicies<Item>(state: State<Item>): readonly PolicyHooks<Item>[] {
  const host = hostOf(state)
  const hooks = state.options.policies.map((policy, index) => {
    const made = policy(host)
    if (typeof made === 'object' && made !== null) return made
    throw new TypeError(`policies[${index}] must return an object of hooks, got ${String(made)}`)
  })
  if (hooks.filter(({ batches }) => batches !== undefined).length > 1) {
    throw new TypeError('policies: only one can divide batches')
  }
  return hooks
}

function hostOf<Item>(state: State<Item>): PolicyHost {
  const change = (item: PolicyItem, effect: (entry: Entry<Item>) => void): void => {
    // A policy may keep items that were removed since.
    const entry = state.entries.get(item.id)
    if (entry === item) effect(entry)
  }
  return {
    name: state.options.name,
    size: () => state.entries.size,
    now: () => state.time.read().now,
    epoch: () => state.time.read().epoch,
    expire: (item) => change(item, (entry) => expireEntry(state, entry)),
    remove: (item, reason) => change(item, (entry) => removeEntry(state, entry, reason)),
    evict: (item) =>
      change(item, (entry) => {
        state.counters.evictions += 1
        removeEntry(state, entry, 'evicted')
      }),
  }
}
