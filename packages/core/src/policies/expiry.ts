import { checkNumber, checkPositive, checkType } from '../engine/check.ts'
import type { Policy, PolicyItem } from '../engine/policy.ts'
import { Heap, type HeapNode } from '../engine/queue/heap.ts'

/** How long items live. */
export interface ExpiryOptions {
  /** ms from its creation after which an item that is not terminal expires. Above 0. @default Infinity */
  readonly maxAge?: number | undefined
  /** ms after which a terminal or expired item is removed. At least 0. @default Infinity */
  readonly terminalTtl?: number | undefined
}

/** The lifetime of one item. */
interface Lifetime extends HeapNode {
  readonly item: PolicyItem
  readonly status: PolicyItem['status']
}

/**
 * Expires items that are too old, and removes finished ones that were kept long enough (W12, P6).
 *
 * ```ts
 * policies: [expiry({ maxAge: 3_600_000, terminalTtl: 60_000 })]
 * ```
 *
 * @throws {TypeError | RangeError} if a number is out of its range
 */
export function expiry(options: ExpiryOptions): Policy {
  checkType('expiry', options, 'object')
  const { maxAge = Infinity, terminalTtl = Infinity } = options
  checkPositive('expiry.maxAge', maxAge)
  checkNumber('expiry.terminalTtl', terminalTtl, '≥ 0', (value) => value >= 0)
  return (host) => {
    const heap = new Heap<Lifetime>()
    const lifetimes = new Map<PolicyItem, Lifetime>()

    function forget(item: PolicyItem): void {
      const lifetime = lifetimes.get(item)
      if (lifetime === undefined) return
      lifetimes.delete(item)
      if (lifetime.index >= 0) heap.remove(lifetime)
    }

    return {
      changed(item) {
        const { status } = item
        if (lifetimes.get(item)?.status === status) return
        forget(item)
        const due = isOver(status) ? host.now() + terminalTtl : item.createdTime + maxAge
        const lifetime = { item, status, due, index: -1 }
        lifetimes.set(item, lifetime)
        if (due < Infinity) heap.push(lifetime)
      },
      removed: forget,
      wakeAt: () => heap.firstDue,
      run(now) {
        for (let { first } = heap; first !== undefined && first.due <= now; first = heap.first) {
          heap.remove(first)
          const { item, status } = first
          if (isOver(status)) host.remove(item, 'terminal-ttl')
          else host.expire(item)
        }
      },
    }
  }
}

function isOver(status: PolicyItem['status']): boolean {
  return status === 'terminal' || status === 'expired'
}
