import { Backend } from './backend.ts'
import { Observers } from './observers.ts'
import { optionsOf } from './options-of.ts'
import { type Script } from './script.ts'
import { type Subject } from './subject.ts'
import { User } from './user.ts'
import { World } from './world.ts'

export interface RunOptions {
  readonly trace?: ((line: string) => void) | undefined
}

/** All who take part in a run. */
export interface Cast {
  readonly world: World
  readonly backend: Backend
  readonly observers: Observers
  readonly user: User
}

export function castOf(script: Script, subject: Subject, { trace }: RunOptions): Cast {
  const world = new World(script, trace)
  const backend = new Backend(world)
  const observers = new Observers(world, subject)
  const user = new User(world, observers)
  world.reactions.perform = ({ ops }) => {
    for (const op of ops) user.perform(op)
  }
  world.settle(new subject.InMemoryAutoRefresh(optionsOf(world, backend.sync)))
  return { world, backend, observers, user }
}
