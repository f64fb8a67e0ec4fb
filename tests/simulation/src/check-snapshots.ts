import { type ItemSnapshot } from '@auto-refresh/core'
import { type ErrorExpectation, type ModelEntry } from './model/entry.ts'
import { type Item } from './script.ts'
import { show } from './show.ts'
import { type World } from './world.ts'

type Snapshot = ItemSnapshot<Item>

/** The snapshots at the end of the last turn. */
export type SeenSnapshots = Map<string, Snapshot>

const FIELDS = [
  'status',
  'item',
  'isDeleting',
  'error',
  'failureCount',
  'isRefreshing',
  'unchangedCount',
  'createdAt',
  'changedAt',
  'refreshedAt',
  'nextRefreshAt',
] as const

/** What is there, and what it is (W1 to W12, F1 to F4, S6 to S9, O1). */
export function checkSnapshots(world: World, seen: SeenSnapshots): void {
  const { model, cache, violations } = world
  violations.check(
    cache.size === model.entries.size || model.vague.size > 0,
    'W4',
    () => `there are ${[...cache.ids()].join()}; there should be ${[...model.entries.keys()].join()}`,
  )
  for (const id of model.entries.keys()) checkId(world, seen, id)
  for (const id of seen.keys()) if (!model.entries.has(id)) checkId(world, seen, id)
}

function checkId(world: World, seen: SeenSnapshots, id: string): void {
  const { model, cache, violations, clock } = world
  const snapshot = cache.getSnapshot(id)
  const before = seen.get(id)
  if (!model.vague.has(id)) {
    const entry = model.entries.get(id)
    if (entry !== undefined) checkEntry(world, entry, snapshot)
    else if (snapshot.status !== 'missing') violations.add('W4', `${show(id)} is there, and should not be`)
    // Where the wall clock was set, another time may look the same.
    if (
      !clock.hasWallMoved &&
      before !== undefined &&
      before !== snapshot &&
      model.journal.activities(id) === 0 &&
      !FIELDS.some((field) => !Object.is(before[field], snapshot[field]))
    )
      violations.add('O1', `the snapshot of ${show(id)} is another object, and nothing has changed`)
  }
  if (snapshot.status === 'missing') seen.delete(id)
  else if (snapshot !== before) seen.set(id, snapshot)
}

// Most of a run is in here: no function is made for a message that nobody reads.
function checkEntry(world: World, entry: ModelEntry, snapshot: Snapshot): void {
  const { violations, model } = world
  const { id } = entry
  if (snapshot.status !== entry.status) differs(world, 'W6', id, 'status', snapshot, entry.status)
  if (snapshot.item !== entry.item) differs(world, 'W6', id, 'item', snapshot, entry.item)
  if (snapshot.status === 'missing') return
  if (snapshot.isDeleting !== entry.isDeleting)
    differs(world, 'W5', id, 'isDeleting', snapshot, entry.isDeleting)
  if (!isExpected(entry.error, snapshot.error)) differs(world, 'F1', id, 'error', snapshot, entry.error)
  const { failureCount } = snapshot
  if (!(failureCount >= entry.failureCount && failureCount <= entry.failureCount + entry.failureSlack))
    violations.add('F1', `failureCount of ${show(id)} is ${failureCount}; it should be ${entry.failureCount}`)
  const isInCall = model.callOf(entry) !== undefined
  if (snapshot.isRefreshing !== isInCall && (isInCall || !model.isHeld(id)))
    differs(world, 'S3', id, 'isRefreshing', snapshot, isInCall)
  if (snapshot.unchangedCount !== entry.unchangedCount)
    differs(world, 'W6', id, 'unchangedCount', snapshot, entry.unchangedCount)
  if (snapshot.createdAt !== entry.createdAt) differs(world, 'W1', id, 'createdAt', snapshot, entry.createdAt)
  if (snapshot.changedAt !== entry.changedAt) differs(world, 'W6', id, 'changedAt', snapshot, entry.changedAt)
  if (snapshot.refreshedAt !== entry.refreshedAt)
    differs(world, 'F3', id, 'refreshedAt', snapshot, entry.refreshedAt)
  checkPlan(world, entry, snapshot)
}

function differs(
  { violations }: World,
  rule: string,
  id: string,
  field: (typeof FIELDS)[number],
  snapshot: Snapshot,
  expected: unknown,
): void {
  violations.add(rule, `${field} of ${show(id)} is ${show(snapshot[field])}; it should be ${show(expected)}`)
}

/** `nextRefreshAt` is where the rules S1 to S5, F2, W3, W10 have it; after it the cache is held to it by other checks. */
function checkPlan(world: World, entry: ModelEntry, { nextRefreshAt }: Snapshot): void {
  const { model, violations, clock, life } = world
  const { due, plannedWall, id } = entry
  if (due.lo <= clock.now() || !life.isRunning || model.rules.batches !== 'default') return
  if (!model.isPlannable(entry) || model.isAskedFor(entry) || model.isHeld(id) || entry.isAdopted) return
  if (clock.epoch() - clock.now() !== plannedWall) return
  // Where the wall clock was set, which plans are older than that is not followed.
  if (clock.hasWallMoved) return
  const planned = nextRefreshAt === undefined ? Infinity : nextRefreshAt - plannedWall
  if (!(planned >= due.lo - 1 && planned <= due.hi + 1))
    violations.add(
      'S2',
      `${show(id)} is planned for ${planned}; it should be ${due.lo}–${due.hi}, it is ${clock.now()}`,
    )
}

export function isExpected(expected: ErrorExpectation, error: unknown): boolean {
  switch (expected.kind) {
    case 'none':
      return error === undefined
    case 'any':
      return error !== undefined
    case 'same':
      return error === expected.error
    default:
      return error instanceof Error && 'code' in error && error.code === expected.code
  }
}
