import type { ItemId } from '@auto-refresh/core'
import { type Group, IDS } from './group.ts'
import { hostileMessage } from './hostile.ts'
import type { Member } from './member.ts'
import { LATENCY } from './rules.ts'

export type Action = (member: Member, id: ItemId) => void

/** Events of a member of a group, by name: acts of its page, and all kinds of trouble. */
export function actionsOf(group: Group): Readonly<Record<string, Action>> {
  const { bus, chance, clock, members, source } = group
  const write: Action = (member, id) => group.write(member, id)
  const refresh: Action = (member, id) => group.refresh(member, id)
  const actions: Readonly<Record<string, Action>> = {
    join: () => members.length < 5 && group.join(),
    create: ({ cache }, id) => void cache.getOrCreate(id),
    subscribe: ({ cache, subscriptions }, id) => {
      if (!subscriptions.has(id))
        subscriptions.set(
          id,
          cache.subscribe(id, () => undefined, { create: true }),
        )
    },
    unsubscribe: ({ subscriptions }, id) => {
      subscriptions.get(id)?.()
      subscriptions.delete(id)
    },
    change: (_, id) => void source.change(id),
    remove: (_, id) => {
      if (chance.is(0.3)) source.delete(id)
    },
    revive: (_, id) => {
      if (source.isDeleted(id)) source.change(id)
    },
    write,
    writeAgain: write,
    writeOnceMore: write,
    deleteAndCreate: (member, id) => {
      if (!member.cache.delete(id)) return
      const v = source.change(id)
      group.rules.wrote(member, id, v)
      if (chance.is(0.5)) member.cache.getOrCreate(id, { v, shape: member.shape })
      else member.cache.getOrCreate(id)
    },
    hold: (member, id) => {
      if (!member.cache.has(id)) return
      // The source changes when the action ends; the page shows before what it expects then.
      const expected = source.version(id) + 1
      const release = member.cache.hold(id)
      member.expects.set(id, expected)
      member.cache.update(id, { v: expected, shape: member.shape })
      clock.setTimeout(
        () => {
          if (source.change(id) === expected && member.cache.get(id)?.v === expected)
            group.rules.wrote(member, id, expected)
          release()
        },
        chance.below(chance.is(0.7) ? 1500 : 4000),
      )
    },
    holdAgain: (member, id) => actions['hold']?.(member, id),
    // What it asks is acknowledged before what it wrote.
    askThenWrite: (member, id) => {
      const other = chance.pick(IDS)
      if (other === id) return
      actions[member.subscriptions.has(other) ? 'unsubscribe' : 'subscribe']?.(member, other)
      clock.setTimeout(() => write(member, id), 1 + chance.below(LATENCY))
    },
    // The last thing that a leader does is to show what it expects.
    holdAndGo: (member, id) => {
      actions['hold']?.(member, id)
      clock.setTimeout(() => bus.rob('A', '1'), chance.below(chance.is(0.5) ? 300 : 2500))
    },
    // Nobody else sees what the source does not have.
    expectAndGo: (member, id) => {
      if (!member.cache.has(id)) return
      const expected = source.version(id) + 1
      member.expects.set(id, expected)
      member.cache.update(id, { v: expected, shape: member.shape })
      clock.setTimeout(() => bus.rob('A', '1'), chance.below(300))
    },
    // The second one is told while the first one is acknowledged.
    writeTwice: (member, id) => {
      write(member, id)
      clock.setTimeout(() => write(member, id), chance.below(300))
    },
    refreshWhileDown: (member, id) => {
      source.isDown = true
      refresh(member, id)
      clock.setTimeout(() => (source.isDown = false), 300 + chance.below(1500))
    },
    cutOff: (member, id) => {
      bus.isCut = (from, to) => from === member.name || to === member.name
      const end = 6500 + chance.below(3000)
      clock.setTimeout(() => (bus.isCut = () => false), end)
      // It may fetch that while a call of the leader runs that is older.
      clock.setTimeout(() => source.change(id), end - chance.below(600))
    },
    deleteThenWrite: (member, id) => {
      source.delete(id)
      clock.setTimeout(() => write(member, id), chance.below(250))
    },
    refresh,
    refreshAgain: refresh,
    pause: ({ cache }) => {
      cache.pause()
      clock.setTimeout(() => cache.resume(), chance.below(3000))
    },
    hide: ({ environment }) => {
      environment.setVisible(false)
      clock.setTimeout(() => environment.setVisible(true), chance.below(3000))
    },
    stop: (member) => {
      group.stop(member)
      clock.setTimeout(() => member.cache.start(), chance.below(2000))
    },
    freeze: (member) => {
      if (member.isFrozen || chance.is(0.5)) return
      member.isFrozen = true
      member.frozenAt = clock.now()
      bus.freeze(member.name)
      member.clock.freeze()
      clock.setTimeout(() => group.thaw(member), 1000 + chance.below(20_000))
    },
    rob: () => chance.is(0.3) && bus.rob('A', '1'),
    kill: ({ name }) => chance.is(0.1) && bus.kill(name),
    cut: ({ name }) => {
      if (chance.is(0.5)) return
      bus.isCut = (from, to) => from === name || to === name
      clock.setTimeout(() => (bus.isCut = () => false), chance.below(12_000))
    },
    ill: ({ name }) => {
      if (chance.is(0.4)) source.isDownFor.add(name)
    },
    well: ({ name }) => void source.isDownFor.delete(name),
    down: () => {
      if (chance.is(0.3)) source.isDown = true
      clock.setTimeout(() => (source.isDown = false), chance.below(15_000))
    },
    hostile: ({ name }) => bus.inject(name, hostileMessage(chance, clock.epoch())),
  }
  return actions
}
