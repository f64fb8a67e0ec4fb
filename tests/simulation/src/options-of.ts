import {
  type AutoRefreshOptions,
  type Batch,
  type CreateBatchesFunction,
  type SyncFunction,
} from '@auto-refresh/core'
import { evaluated } from './model/evaluations.ts'
import { type Item, type ScriptOptions } from './script.ts'
import { type World } from './world.ts'

/** The options of the script with callbacks that do what the script says. */
export function optionsOf(world: World, sync: SyncFunction<Item>): AutoRefreshOptions<Item> {
  const { script, clock, page } = world
  const { interval, equality, batches, eventsHeard: _, ...plain } = script.options
  let draws = 0
  return {
    ...plain,
    sync,
    interval: interval === 'function' ? intervalOf(world) : interval,
    isTerminal: (item) => {
      world.reactions.run('value')
      if (item.bad === true) world.reactions.throw()
      return item.terminal === true
    },
    ...(equality === 'reference' ? { equals: Object.is } : {}),
    ...(equality === 'own' ? { equals: equalsOf(world) } : {}),
    ...(batches === undefined ? {} : { createBatches: batchesOf(world, batches) }),
    clock,
    environment: page,
    random: () => {
      draws += 1
      return script.random[draws % script.random.length] ?? 0
    },
  }
}

function intervalOf(world: World): (snapshot: unknown, id: string) => number {
  const { intervals } = world.script
  let count = 0
  return (_snapshot, id) => {
    count += 1
    const drawn = intervals[count % intervals.length] ?? 100
    world.model.evaluations.see(id, drawn === 'throws' ? 'bad' : evaluated(drawn))
    world.reactions.run('value')
    if (drawn === 'throws') throw new Error('no interval')
    return drawn
  }
}

function equalsOf(world: World): (previous: Item, next: Item) => boolean {
  return (previous, next) => {
    world.reactions.run('value')
    if (previous.bad === true || next.bad === true) world.reactions.throw()
    return previous.v === next.v && previous.terminal === next.terminal
  }
}

function batchesOf(world: World, kind: NonNullable<ScriptOptions['batches']>): CreateBatchesFunction<Item> {
  return (due) => {
    world.reactions.run('batches')
    switch (kind) {
      case 'all':
        return [due]
      case 'pairs':
        return pairs(due)
      case 'leaves-out':
        leaveOut(world, due.slice(1))
        return [due.slice(0, 1)]
      case 'twice-and-unknown':
        return [[...due, ...due, { id: 'nobody', item: { v: 0 } }], due]
      default:
        return world.reactions.throw()
    }
  }
}

function* pairs(due: Batch<Item>): Generator<Batch<Item>> {
  for (let i = 0; i < due.length; i += 2) yield due.slice(i, i + 2)
}

/** S7: the application leaves these out of its batches. */
function leaveOut({ model }: World, due: Batch<Item>): void {
  for (const { id } of due) {
    const entry = model.entries.get(id)
    if (entry !== undefined) model.planner.leftOut(entry)
  }
}
