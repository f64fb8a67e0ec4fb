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
  const { model, cache, violations, clock } = world
  violations.check(
    cache.size === model.entries.size || model.vague.size > 0,
    'W4',
    () => `there are ${[...cache.ids()].join()}; there should be ${[...model.entries.keys()].join()}`,
  )
  for (const id of new Set([...seen.keys(), ...model.entries.keys()])) {
    const snapshot = cache.getSnapshot(id)
    const before = seen.get(id)
    if (!model.vague.has(id)) {
      const entry = model.entries.get(id)
      if (entry === undefined)
        violations.check(snapshot.status === 'missing', 'W4', () => `${show(id)} is there, and should not be`)
      else checkEntry(world, entry, snapshot)
      // Where the wall clock was set, another time may look the same.
      if (
        !clock.hasWallMoved &&
        before !== undefined &&
        before !== snapshot &&
        model.journal.activities(id) === 0
      )
        violations.check(
          FIELDS.some((field) => !Object.is(before[field], snapshot[field])),
          'O1',
          () => `the snapshot of ${show(id)} is another object, and nothing has changed`,
        )
    }
    if (snapshot.status === 'missing') seen.delete(id)
    else seen.set(id, snapshot)
  }
}

function checkEntry(world: World, entry: ModelEntry, snapshot: Snapshot): void {
  const { violations, model } = world
  const same = (rule: string, field: (typeof FIELDS)[number], expected: unknown): void =>
    violations.check(
      Object.is(snapshot[field], expected),
      rule,
      () => `${field} of ${show(entry.id)} is ${show(snapshot[field])}; it should be ${show(expected)}`,
    )
  same('W6', 'status', entry.status)
  same('W6', 'item', entry.item)
  if (snapshot.status === 'missing') return
  same('W5', 'isDeleting', entry.isDeleting)
  violations.check(
    isExpected(entry.error, snapshot.error),
    'F1',
    () => `error of ${show(entry.id)} is ${show(snapshot.error)}; it should be ${show(entry.error)}`,
  )
  violations.check(
    snapshot.failureCount >= entry.failureCount &&
      snapshot.failureCount <= entry.failureCount + entry.failureSlack,
    'F1',
    () => `failureCount of ${show(entry.id)} is ${snapshot.failureCount}; it should be ${entry.failureCount}`,
  )
  const call = model.callOf(entry)
  if (call !== undefined || !model.isHeld(entry.id)) same('S3', 'isRefreshing', call !== undefined)
  same('W6', 'unchangedCount', entry.unchangedCount)
  same('W1', 'createdAt', entry.createdAt)
  same('W6', 'changedAt', entry.changedAt)
  same('F3', 'refreshedAt', entry.refreshedAt)
  checkPlan(world, entry, snapshot)
}

/** `nextRefreshAt` is where the rules S1 to S5, F2, W3, W10 have it; after it the cache is held to it by other checks. */
function checkPlan(world: World, entry: ModelEntry, { nextRefreshAt }: Snapshot): void {
  const { model, violations, clock, life } = world
  const { due, plannedWall, id } = entry
  if (!model.isPlannable(entry) || model.isAskedFor(entry) || model.isHeld(id) || entry.isAdopted) return
  if (!life.isRunning || model.rules.batches !== 'default' || due.lo <= clock.now()) return
  if (clock.epoch() - clock.now() !== plannedWall) return
  // Where the wall clock was set, which plans are older than that is not followed.
  if (clock.hasWallMoved) return
  const planned = nextRefreshAt === undefined ? Infinity : nextRefreshAt - plannedWall
  violations.check(
    planned >= due.lo - 1 && planned <= due.hi + 1,
    'S2',
    () => `${show(id)} is planned for ${planned}; it should be ${due.lo}–${due.hi}, it is ${clock.now()}`,
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
