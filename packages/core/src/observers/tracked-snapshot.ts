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
 * The fields of a snapshot as a component reads them. `shown` is what it is given: it notes which fields are read, can be
 * spread, and can be kept. A proxy, because one is created at each change that a component shows, and eleven accessors cost
 * more than rendering it. The tracking is the proxy's handler, because a handler and a closure of its own for each cost a
 * tenth of the rendering.
 */
export class TrackedSnapshot<Item> implements ProxyHandler<ItemSnapshot<Item>> {
  /** Where a field's value is taken from when it is read. */
  snapshot: ItemSnapshot<Item>
  readonly shown: ItemSnapshot<Item>
  readonly note: (field: SnapshotField) => void

  /** @param note called before a field is read */
  constructor(snapshot: ItemSnapshot<Item>, note: (field: SnapshotField) => void) {
    this.snapshot = snapshot
    this.note = note
    this.shown = new Proxy({ ...snapshot }, this)
  }

  get(target: ItemSnapshot<Item>, name: string | symbol): unknown {
    if (!isField(name)) return Reflect.get(target, name)
    this.note(name)
    return this.snapshot[name]
  }
}

function isField(name: string | symbol): name is SnapshotField {
  return FIELDS.has(name)
}
