import { customBatches, type Batch, type BatchEntry } from '@auto-refresh/core'
import { MINUTE, SECOND, seconds } from './duration.ts'
import { FAILURE, type Reply, SUCCESS } from './source.ts'
import { idsOf, shareOfIdeal, World } from './world.ts'

export type Region = 'A' | 'B'

export interface RegionOptions {
  /** Number of items of region A. */
  readonly a: number
  /** Number of items of region B. */
  readonly b: number
  /** ms */
  readonly interval: number
  /** The region whose freshness counts. */
  readonly watched: Region
  /** Returns the fate of a call to a region that starts at `now` (ms). */
  readonly source: (region: Region, now: number) => Reply
  /** Default 1. */
  readonly seed?: number
}

function regionOf(id: string): Region {
  return id.startsWith('A') ? 'A' : 'B'
}

/** Divides the due items into batches of one region, of at most 100. */
function batchesByRegion(due: Batch<number>): BatchEntry<number>[][] {
  const batches: BatchEntry<number>[][] = []
  for (const region of ['A', 'B']) {
    const members = due.filter(({ id }) => regionOf(id) === region)
    for (let start = 0; start < members.length; start += 100) batches.push(members.slice(start, start + 100))
  }
  return batches
}

/** Creates a cache of two regions that fail independently and never share a call. B's items come first. */
export function regions({ a, b, interval, watched, source, seed = 1 }: RegionOptions): World {
  const ofA = idsOf(a, 'A')
  const ofB = idsOf(b, 'B')
  return new World({
    ids: [...ofB, ...ofA],
    watched: watched === 'A' ? ofA : ofB,
    seed,
    cache: { interval, policies: [customBatches<number>(batchesByRegion)] },
    source: ({ ids, startedAt }) => source(regionOf(ids[0] ?? ''), startedAt),
  })
}

/** Counts the calls to A that started from `from` on and before `to`, ms. */
function callsToA({ calls }: World, from: number, to: number): number {
  return calls.filter(
    ({ startedAt, ids }) => startedAt >= from && startedAt < to && regionOf(ids[0] ?? '') === 'A',
  ).length
}

export interface DeadRegionResult {
  /** Refreshes of B's items, % of ideal. */
  readonly share: number
  /** s, of B's items. */
  readonly worstAge: number
  /** Calls per second to A over the whole time. */
  readonly calls: number
  /** Calls per second to A in the worst minute after the first one. */
  readonly laterCalls: number
}

/** A fails (or hangs) all the time; B works. */
export async function deadRegion({
  a,
  b,
  interval,
  reply = FAILURE,
  latency,
  duration = 30 * MINUTE,
}: {
  readonly a: number
  readonly b: number
  readonly interval: number
  readonly reply?: Reply
  readonly latency?: number
  readonly duration?: number
}): Promise<DeadRegionResult> {
  const world = regions({
    a,
    b,
    interval,
    watched: 'B',
    source: (region) => ({ latency, ...(region === 'A' ? reply : SUCCESS) }),
  })
  await world.advance(duration)
  let laterCalls = 0
  for (let from = MINUTE; from < duration; from += MINUTE) {
    laterCalls = Math.max(laterCalls, callsToA(world, from, from + MINUTE) / 60)
  }
  const result = {
    share: shareOfIdeal(world, interval, duration),
    worstAge: seconds(world.freshness.worstAge(world.clock.now())),
    calls: callsToA(world, 0, Infinity) / seconds(duration),
    laterCalls,
  }
  await world.end()
  return result
}

/** Returns the s until all of A is fresh after it heals, if it was dead for some minutes beside B. */
export async function healedRegion(a: number, b: number, minutes: number): Promise<number> {
  let isDead = true
  const world = regions({
    a,
    b,
    interval: 5 * SECOND,
    watched: 'A',
    source: (region) => (region === 'A' && isDead ? FAILURE : SUCCESS),
  })
  await world.advance(minutes * MINUTE)
  isDead = false
  const fresh = await world.untilFresh(30 * MINUTE, 500)
  await world.end()
  return seconds(fresh)
}

/** Returns the s until all of B is fresh after it was down from `from` for `length` (ms) beside a dead A. */
export async function otherRegionBlips(from: number, length: number, seed: number): Promise<number> {
  const world = regions({
    a: 1000,
    b: 100,
    interval: 5 * SECOND,
    watched: 'B',
    seed,
    source: (region, now) => (region === 'A' || (now >= from && now < from + length) ? FAILURE : SUCCESS),
  })
  await world.advance(from + length)
  const fresh = await world.untilFresh(120 * MINUTE, 500)
  await world.end()
  return seconds(fresh)
}

/** A is dead for 10 minutes beside B; then B goes down; a minute later A heals. Returns the s until all of A is fresh. */
export async function swap(a: number, b: number, seed: number): Promise<number> {
  let dead: Region | 'both' = 'A'
  const world = regions({
    a,
    b,
    interval: 5 * SECOND,
    watched: 'A',
    seed,
    source: (region) => (dead === 'both' || dead === region ? FAILURE : SUCCESS),
  })
  await world.advance(10 * MINUTE)
  dead = 'both'
  await world.advance(MINUTE)
  dead = 'B'
  const fresh = await world.untilFresh(120 * MINUTE, 500)
  await world.end()
  return seconds(fresh)
}
