import type { ItemSnapshot } from '../auto-refresh.ts'

/** Name of a field of a snapshot. */
export type SnapshotField = keyof ItemSnapshot<unknown>

/** Fields whose changes every subscriber is told of. All others are activity (O2). */
const VISIBLE: readonly SnapshotField[] = ['status', 'item', 'isDeleting', 'error', 'failureCount']

const ACTIVITY: readonly SnapshotField[] = [
  'isRefreshing',
  'unchangedCount',
  'createdAt',
  'changedAt',
  'refreshedAt',
  'nextRefreshAt',
]

/** Names of all fields of a snapshot. */
export const SNAPSHOT_FIELDS: readonly SnapshotField[] = [...VISIBLE, ...ACTIVITY]

const FIELDS: ReadonlySet<string | symbol> = new Set(SNAPSHOT_FIELDS)

/** True if only subscribers with `activity` are told of changes of the field. */
export function isActivity(field: SnapshotField): boolean {
  return ACTIVITY.includes(field)
}

/** True if the snapshots differ in one of the fields. @param fields default: all but activity */
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
 * Returns a copy whose fields have the value that `read` returns when they are read. It can be spread and kept. A proxy,
 * because one is created at each change that a component shows, and eleven accessors cost more than rendering it.
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
