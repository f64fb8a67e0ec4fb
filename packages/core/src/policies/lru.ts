import type { ItemId } from '../auto-refresh.ts'
import { checkCount } from '../engine/check.ts'
import type { Policy, PolicyItem } from '../engine/policy.ts'
import { AutoRefreshError, quote } from '../errors.ts'

/** An item in the list of its rank, by its last use. */
interface Link {
  readonly item: PolicyItem
  list: UseList | undefined
  previous: Link | undefined
  next: Link | undefined
}

/**
 * Items in the order of their last use. A linked list, because an iterator over a `Set` that is kept open keeps every table that
 * the set has outgrown.
 */
class UseList {
  #first: Link | undefined = undefined
  #last: Link | undefined = undefined
  size = 0
  /** True if all were in running calls when that was last looked at, and no call has settled since. */
  isBusy = false

  add(link: Link): void {
    if (!link.item.isRefreshing) this.isBusy = false
    link.list = this
    link.previous = this.#last
    link.next = undefined
    if (this.#last === undefined) this.#first = link
    else this.#last.next = link
    this.#last = link
    this.size += 1
  }

  remove(link: Link): void {
    const { previous, next } = link
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    link.list = link.previous = link.next = undefined
    this.size -= 1
  }

  /** The first item that is in no running call; those that are go to the end (second chance). */
  next(): Link | undefined {
    // After a stop none is in a call any more, without a word.
    if (this.isBusy && this.#first?.item.isRefreshing === true) return undefined
    for (let left = this.size; left > 0; left--) {
      const first = this.#first
      if (first === undefined || !first.item.isRefreshing) return first
      this.remove(first)
      this.add(first)
    }
    this.isBusy = true
    return undefined
  }
}

/**
 * Removes the least recently used item when a new one would exceed the capacity (C1). Items that are observed or in a running
 * call are never removed, and may exceed it.
 *
 * ```ts
 * policies: [lru(1000)]
 * ```
 *
 * @param capacity maximum items, an integer ≥ 1 or `Infinity`
 * @throws {TypeError | RangeError} if it is none
 */
export function lru(capacity: number): Policy {
  checkCount('lru.capacity', capacity)
  return (host) => {
    const links = new Map<PolicyItem, Link>()
    /** Finished items go first, then those of subscriptions, then the application's. */
    const [finished, subscribed, owned] = [new UseList(), new UseList(), new UseList()]

    function listOf(item: PolicyItem): UseList | undefined {
      // An observed item is never removed.
      if (item.isObserved) return undefined
      if (item.status === 'terminal' || item.status === 'expired') return finished
      return item.isOwned ? owned : subscribed
    }

    function forget(item: PolicyItem): void {
      const link = links.get(item)
      link?.list?.remove(link)
      links.delete(item)
    }

    function use(item: PolicyItem): void {
      const link = links.get(item) ?? { item, list: undefined, previous: undefined, next: undefined }
      link.list?.remove(link)
      links.set(item, link)
      listOf(item)?.add(link)
    }

    /** Takes the items out of their lists that make room for one more, as far as there are some. */
    function takeVictims(): PolicyItem[] {
      const victims: PolicyItem[] = []
      while (host.size() - victims.length >= capacity) {
        const victim = finished.next() ?? subscribed.next() ?? owned.next()
        if (victim === undefined) break
        victim.list?.remove(victim)
        victims.push(victim.item)
      }
      return victims
    }

    return {
      admit(id: ItemId, isApplication: boolean) {
        const victims = takeVictims()
        if (isApplication && host.size() - victims.length >= capacity) {
          for (const item of victims) use(item)
          const why = `all ${capacity} items are observed or being refreshed`
          throw new AutoRefreshError('CAPACITY', `${host.name}: no room for ${quote(id)}: ${why}`)
        }
        for (const item of victims) host.evict(item)
      },
      changed: use,
      removed: forget,
      callSettled() {
        for (const list of [finished, subscribed, owned]) list.isBusy = false
      },
    }
  }
}
