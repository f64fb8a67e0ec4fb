import { CallChecks } from './checks/calls.ts'
import { EventChecks } from './checks/events.ts'
import { Freshness } from './checks/freshness.ts'
import { Load } from './checks/load.ts'
import { ObserverChecks } from './checks/observers.ts'
import { ProgressChecks } from './checks/progress.ts'
import { ValueChecks } from './checks/values.ts'
import type { Script } from './script.ts'
import type { Subject } from './subject.ts'
import { Observers } from './users/observers.ts'
import { optionsOf } from './users/questions.ts'
import { Reactions } from './users/reactions.ts'
import { Requests } from './users/requests.ts'
import { User } from './users/user.ts'
import { TaskQueue } from './world/task-queue.ts'
import { Backend } from './world/backend.ts'
import { SimulatedClock } from './world/clock.ts'
import { Ledger } from './world/ledger.ts'
import { virtualPlatform, windowPlatform } from './world/platform.ts'
import { World } from './world/world.ts'

export interface RunOptions {
  readonly trace?: ((line: string) => void) | undefined
}

/** All parts of a run. */
export interface Cast {
  readonly world: World
  readonly ledger: Ledger
  readonly backend: Backend
  readonly user: User
  readonly observers: Observers
  readonly requests: Requests
  readonly reactions: Reactions
  readonly tasks: TaskQueue
  readonly progress: ProgressChecks
  readonly freshness: Freshness
  readonly load: Load
  readonly events: EventChecks
  /** Checks everything that must hold at the end of a turn. */
  endTurn(): void
}

export function castOf(script: Script, subject: Subject, { trace }: RunOptions): Cast {
  const platform = script.platform === 'window' ? windowPlatform(subject) : virtualPlatform()
  const world = new World(script, new SimulatedClock(script.clock), platform, trace)
  const ledger = new Ledger(world)
  const reactions = new Reactions(world)
  const backend = new Backend(world, ledger)
  const observers = new Observers(world, ledger, reactions, subject)
  const requests = new Requests(world, ledger)
  const tasks = new TaskQueue()
  const user = new User(world, ledger, backend, tasks, observers, requests, subject)
  const { life } = user
  const events = new EventChecks(world, ledger, backend, requests, observers, life)
  const progress = new ProgressChecks(world, ledger, requests, observers, life, events)
  const freshness = new Freshness(world, ledger, life)
  const load = new Load(world)
  const calls = new CallChecks(world, ledger, requests, observers, life)
  const values = new ValueChecks(world, ledger, requests)
  const listeners = new ObserverChecks(world, ledger, observers)
  reactions.perform = (op) => user.perform(op)
  backend.react = (place) => reactions.run(place)
  backend.onCall = (call, batch) => {
    calls.started(call, batch)
    requests.started(call)
    load.started(call)
  }
  backend.onSettled = (call, outcome) => {
    progress.settled(outcome, call.ids.length)
    freshness.probed(call, outcome)
    load.settled(call, outcome)
  }
  ledger.onSettled = (entry, call, isFresh) => freshness.settled(entry, call, isFresh)
  life.onChange = () => freshness.changed()
  user.onInterval = (ms) => {
    calls.intervalChanged(ms)
    if (ms > 1_000_000) world.hasLongInterval = true
    else world.longestInterval = Math.max(world.longestInterval, ms)
    load.changed(ms)
    freshness.changed(ms)
  }
  world.cache = new subject.InMemoryAutoRefresh({
    ...optionsOf(world, ledger, reactions, subject),
    sync: backend.sync,
  })
  // The checks hear of everything before the application does.
  world.cache.onEvent(events.tell)
  if (script.reactions.length > 0) world.cache.onEvent(() => reactions.run('event'))
  const endTurn = (): void => {
    life.endTurn()
    values.endTurn()
    listeners.endTurn()
    events.endTurn()
    progress.endTurn()
    reactions.endTurn()
    world.endTurn()
  }
  return {
    world,
    ledger,
    backend,
    user,
    observers,
    requests,
    reactions,
    tasks,
    progress,
    freshness,
    load,
    events,
    endTurn,
  }
}
