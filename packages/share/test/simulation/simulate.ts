import { actionsOf } from './actions.ts'
import { endingsOf } from './endings.ts'
import { Group, IDS, type Subject } from './group.ts'
import { peace } from './peace.ts'
import { LATENCY } from './rules.ts'

const STEPS = 60

/**
 * Runs a random group, first with all kinds of trouble, then in peace. The peace of each eighth seed is long. In each
 * fourth one an item is finished at some time.
 *
 * @throws {Violation} if a rule does not hold
 */
export async function simulate(seed: number, subject: Subject, log?: (line: string) => void): Promise<void> {
  const group = new Group(seed, subject, log)
  const { chance, clock, members, network, rules } = group
  const hasEnding = seed % 4 === 1
  const actions = { ...actionsOf(group), ...(hasEnding && endingsOf(group)) }
  for (let count = 2 + chance.below(2); count > 0; count -= 1) group.join()
  const names = Object.keys(actions)
  for (let step = 0; step < STEPS; step += 1) {
    network.delay = chance.is(0.1) ? chance.below(LATENCY) : network.delay
    await clock.advance(chance.is(0.5) ? chance.below(60) : chance.below(1200))
    const name = chance.pick(names)
    const [member, id] = [chance.pick(members), chance.pick(IDS)]
    group.log(() => `${member.name} ${name} ${id}${member.isFrozen ? ' (frozen)' : ''}`)
    // A frozen page does nothing.
    if (!member.isFrozen) actions[name]?.(member, id)
    rules.watch()
  }
  group.log(() => 'peace')
  await peace(group, { isLong: seed % 8 === 0, hasEnding })
}
