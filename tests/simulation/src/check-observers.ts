import { type ItemSnapshot } from '@auto-refresh/core'
import { type Listener } from './observers.ts'
import { type Item } from './script.ts'
import { show } from './show.ts'
import { type Cast } from './cast.ts'

/** Every listener was told what it was promised, and no more (O2). */
export function checkObservers({ world, observers }: Cast): void {
  const { model, cache, violations } = world
  for (const listener of observers.listeners) {
    const { id, told, hasActivity } = listener
    const snapshot = cache.getSnapshot(id)
    const changes = hasActivity ? model.journal.activities(id) : model.journal.changes(id)
    if (!model.vague.has(id)) {
      if (listener.seen !== undefined)
        violations.check(
          isSame(listener, snapshot),
          'O2',
          () => `a listener of ${show(id)} was not told of ${show(snapshot)}`,
        )
      if (!hasActivity)
        violations.check(
          told <= changes,
          'O2',
          () => `a listener of ${show(id)} was told ${told} times of ${changes} changes`,
        )
    }
    listener.seen = snapshot
    listener.told = 0
  }
}

function isSame({ hasActivity, seen }: Listener, now: ItemSnapshot<Item>): boolean {
  if (seen === undefined) return false
  if (hasActivity) return seen === now
  return (
    seen.item === now.item &&
    seen.status === now.status &&
    seen.error === now.error &&
    seen.failureCount === now.failureCount &&
    seen.isDeleting === now.isDeleting
  )
}
