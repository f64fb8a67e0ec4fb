import type { ItemSnapshot } from '../auto-refresh.ts'

/** The name of a part of a snapshot. */
export type SnapshotField = keyof ItemSnapshot<unknown>

/** What every subscriber is told of; all other fields are activity (O2). */
const VISIBLE: readonly SnapshotField[] = ['status', 'item', 'isDeleting', 'error', 'failureCount']

const ACTIVITY: readonly SnapshotField[] = [
  'isRefreshing',
  'unchangedCount',
  'createdAt',
  'changedAt',
  'refreshedAt',
  'nextRefreshAt',
]

const FIELDS: ReadonlySet<string | symbol> = new Set([...VISIBLE, ...ACTIVITY])

/** Whether a change of the field is told only to subscribers that ask for activity. */
export function isActivity(field: SnapshotField): boolean {
  return ACTIVITY.includes(field)
}

/** Whether they differ in one of the fields. */
export function differ(
  previous: ItemSnapshot<unknown>,
  next: ItemSnapshot<unknown>,
  fields: Iterable<SnapshotField> = VISIBLE,
): boolean {
  if (previous === next) return false
  for (const field of fields) {
    if (!Object.is(previous[field], next[field])) return true
  }
  return false
}

/**
 * A copy of which each field is what `read` gives when it is read. It can be spread, and kept. A proxy, for one is made at each
 * change that a component shows, and eleven accessors cost more than its rendering.
 */
export function track<Item>(
  snapshot: ItemSnapshot<Item>,
  read: (field: SnapshotField) => unknown,
): ItemSnapshot<Item> {
  return new Proxy(
    { ...snapshot },
    {
      get(target, name): unknown {
        return isField(name) ? read(name) : Reflect.get(target, name)
      },
    },
  )
}

function isField(name: string | symbol): name is SnapshotField {
  return FIELDS.has(name)
}
