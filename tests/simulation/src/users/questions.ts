import type { AutoRefreshOptions, Batch, ItemSnapshot, Policy } from '@auto-refresh/core'
import type { Item } from '../script.ts'
import { Chance } from '../chance.ts'
import type { Subject } from '../subject.ts'
import type { Call } from '../world/call.ts'
import type { Ledger } from '../world/ledger.ts'
import type { World } from '../world/world.ts'
import type { Reactions } from './reactions.ts'

/** The options of the script, with callbacks that do what the script says. */
export function optionsOf(
  world: World,
  ledger: Ledger,
  reactions: Reactions,
  subject: Subject,
): Omit<AutoRefreshOptions<Item>, 'sync'> {
  const { script, clock, platform } = world
  const { interval, equality, lru, expiry, rateLimit, batches, meddler, ...plain } = script.options
  const policies: Policy<Item>[] = []
  if (lru !== undefined) policies.push(subject.lru(lru))
  if (expiry !== undefined) policies.push(subject.expiry(expiry))
  if (rateLimit !== undefined) policies.push(subject.rateLimit(rateLimit))
  if (batches !== undefined) policies.push(subject.customBatches<Item>(batchesOf(world, reactions, batches)))
  if (meddler === true) policies.push(meddlerOf(reactions))
  const { leftOver } = world
  // A policy sees the entries themselves (C3).
  if (leftOver !== undefined) policies.push(() => ({ changed: (entry) => leftOver.note(entry) }))
  return {
    ...plain,
    interval: interval === 'function' ? intervalOf(world, ledger, reactions) : interval,
    isTerminal: (item) => {
      reactions.run('question')
      if (item.bad === true) reactions.throw()
      return item.terminal === true
    },
    ...(equality === 'reference' ? { equals: Object.is } : {}),
    ...(equality === 'own' ? { equals: equalsOf(reactions) } : {}),
    policies,
    clock,
    ...(platform.environment === undefined ? {} : { environment: platform.environment }),
    random: randomOf(world),
  }
}

function randomOf({ script }: World): () => number {
  const { random, seed } = script
  if (random === 'seeded') {
    const chance = new Chance(seed)
    return () => chance.int(0, 999_999) / 1_000_000
  }
  let draws = 0
  return () => {
    draws += 1
    return random[draws % random.length] ?? 0
  }
}

/** S2: it sees the item as it is after the settlement. */
function intervalOf(
  world: World,
  ledger: Ledger,
  reactions: Reactions,
): (snapshot: ItemSnapshot<Item>, id: string) => number {
  const { intervals } = world.script
  let count = 0
  return (snapshot, id) => {
    count += 1
    const isOfAdoption = world.adopting > 0 && world.reactions === 0
    world.check(!isOfAdoption, 'E2', () => `the adoption of ${JSON.stringify(id)} asks for its interval`)
    ledger.catchUp(id)
    const entry = ledger.entries.get(id)
    const drawn = intervals[count % Math.max(1, intervals.length)] ?? 100
    if (entry !== undefined) {
      const { status, item, failureCount, isFailureVague } = entry
      world.check(
        snapshot.status === status && (snapshot.item === item || snapshot.item?.v === item?.v),
        'S2',
        () => `interval of ${JSON.stringify(id)} sees ${JSON.stringify(snapshot)}`,
      )
      world.check(
        isFailureVague || world.reactions > 0 || snapshot.failureCount === failureCount,
        'S2',
        () => `interval of ${JSON.stringify(id)} sees ${snapshot.failureCount} failures of ${failureCount}`,
      )
      // Outside of the application's methods, an answer is being settled, and the item has left its call.
      const isCalled = [...world.calls].some(({ state, sent }) => isUnderWay(state) && sent.has(id))
      world.check(
        !snapshot.isRefreshing || isCalled || world.performing > 0 || world.reactions > 0,
        'S2',
        () => `interval of ${JSON.stringify(id)} sees it refreshing, after its call`,
      )
      if (drawn === 'throws' || !(drawn > 0)) entry.isFailureVague = true
    }
    reactions.run('question')
    if (drawn === 'throws') throw new Error('no interval')
    return drawn
  }
}

function isUnderWay(state: Call['state']): boolean {
  return state === 'running' || state === 'aborted'
}

function equalsOf(reactions: Reactions): (previous: Item, next: Item) => boolean {
  return (previous, next) => {
    reactions.run('question')
    if (previous.bad === true || next.bad === true) reactions.throw()
    return previous.v === next.v && previous.by === next.by && previous.terminal === next.terminal
  }
}

function batchesOf(
  { batchSize }: World,
  reactions: Reactions,
  kind: NonNullable<World['script']['options']['batches']>,
): (due: Batch<Item>) => Batch<Item>[] {
  return (due) => {
    reactions.run('question')
    switch (kind) {
      case 'regions':
        return ['E', 'W'].flatMap((region) =>
          chunks(
            due.filter(({ id }) => id.startsWith(region)),
            batchSize,
          ),
        )
      case 'pairs':
        return chunks(due, 2)
      case 'leaves-out':
        return [due.slice(0, 1)]
      case 'twice-and-unknown':
        return [[...due, ...due, { id: 'nobody', item: undefined }], due]
      default:
        return reactions.throw()
    }
  }
}

export function chunks<T>(list: readonly T[], size: number): T[][] {
  const parts: T[][] = []
  for (let i = 0; i < list.length; i += size) parts.push(list.slice(i, i + size))
  return parts
}

/** A policy that changes nothing, and from whose hooks the application tries to. */
function meddlerOf(reactions: Reactions): Policy<Item> {
  const meddle = (): void => reactions.run('question')
  return () => ({
    admit: meddle,
    changed: meddle,
    removed: meddle,
    startAt: (now) => {
      meddle()
      return now
    },
    callStarted: meddle,
    callSettled: meddle,
  })
}
