import type { ItemId } from '@auto-refresh/core'
import type { Action } from './actions.ts'
import type { Group } from './group.ts'
import { check } from './violation.ts'

/** The id that is finished at some time. */
const ENDING: ItemId = 'ending'

/** Events of an item that is finished at some time: nobody asks for it by the clock any more (K4, K15). */
export function endingsOf(group: Group): Readonly<Record<string, Action>> {
  const { chance, clock, source } = group
  const create: Action = ({ cache }) => void cache.getOrCreate(ENDING)
  const write: Action = (member) => {
    if (!source.isFinished(ENDING)) group.write(member, ENDING)
  }
  const finish = (): void => void source.finish(ENDING)
  return {
    createEnding: create,
    createEndingAgain: create,
    writeEnding: write,
    refreshEnding: (member) => group.refresh(member, ENDING),
    finish: () => chance.is(0.1) && finish(),
    // The call that runs meanwhile brings the end.
    writeAndFinish: (member) => {
      write(member, ENDING)
      clock.setTimeout(finish, chance.below(300))
    },
    cancel: (member) => {
      const { cache, shape } = member
      if (source.isFinished(ENDING) || !cache.has(ENDING)) return
      const v = source.finish(ENDING)
      group.rules.wrote(member, ENDING, v)
      cache.update(ENDING, { v, shape, isLast: true })
      group.refresh(member, ENDING)
    },
    // What is expected would end it, but the source may do nothing of it, and the refresh after that may fail (W13).
    cancelHeld: (member) => {
      const { cache, shape } = member
      if (source.isFinished(ENDING) || !cache.has(ENDING)) return
      const expected = source.version(ENDING) + 1
      const release = cache.hold(ENDING)
      member.expects.set(ENDING, expected)
      cache.update(ENDING, { v: expected, shape, isLast: true })
      clock.setTimeout(() => {
        if (chance.is(0.5)) source.change(ENDING)
        else if (source.finish(ENDING) === expected && cache.get(ENDING)?.v === expected)
          group.rules.wrote(member, ENDING, expected)
        release()
        source.isDown = chance.is(0.5)
        group.refresh(member, ENDING)
        clock.setTimeout(() => (source.isDown = false), chance.below(1500))
      }, chance.below(1500))
    },
    deleteEnding: (member, id) => {
      member.cache.delete(ENDING)
      clock.setTimeout(() => create(member, id), chance.below(3000))
    },
  }
}

/** All members want the item, and it is finished by now. */
export function end({ members, source }: Group): void {
  for (const { cache } of members) cache.getOrCreate(ENDING)
  source.finish(ENDING)
}

/** Everybody shows how it ended. */
export function checkEnding({ members, source }: Group): void {
  for (const { name, cache } of members) {
    const { item } = cache.getSnapshot(ENDING)
    const v = source.version(ENDING)
    check(item?.v === v, 'K4', () => `${name} shows v${String(item?.v)} of what ended with v${v}`)
  }
}
