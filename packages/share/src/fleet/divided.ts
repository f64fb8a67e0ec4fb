import type { Policy } from '@auto-refresh/core'

/** While all members are alone, each may start its part of the calls that the limits allow (V6). */
export function divided<Item>(policy: Policy<Item>, members: number): Policy<Item> {
  if (members <= 1 || typeof policy !== 'function') return policy
  return (host) => {
    const hooks = policy(host)
    const { callStarted } = hooks
    if (callStarted === undefined) return hooks
    // A call counts as many, because the others make as many calls.
    const countAll = (now: number): void => {
      for (let member = 0; member < members; member++) callStarted(now)
    }
    return { ...hooks, callStarted: countAll }
  }
}
