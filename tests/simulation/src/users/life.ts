import type { LifeOp } from '../script.ts'
import type { Call } from '../world/call.ts'
import type { Ledger } from '../world/ledger.ts'
import type { World } from '../world/world.ts'
import type { Observers } from './observers.ts'
import type { Requests } from './requests.ts'

/** A promise of `stop`. */
interface Stop {
  readonly calls: ReadonlySet<Call>
  isDone: boolean
}

/** Starting and stopping by every way that there is (L, G2, G5), and listening to the whole cache (G3, G4). */
export class Life {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #observers: Observers
  readonly #requests: Requests
  readonly #controllers = new Map<number, AbortController>()
  /** Signals that can stop the present run. */
  readonly #armed = new Set<number>()
  readonly #releases: (() => void)[] = []
  readonly #ends: (() => void)[] = []
  readonly stops = new Set<Stop>()
  isRunning = false
  isPaused = false
  /** The last holder has left: the cache stops at the end of the turn. */
  isLeft = false
  #isOwn = false
  #holders = 0
  /** Called after each change that opens or closes something. */
  onChange: () => void = () => undefined

  constructor(world: World, ledger: Ledger, observers: Observers, requests: Requests) {
    this.#world = world
    this.#ledger = ledger
    this.#observers = observers
    this.#requests = requests
  }

  perform(op: LifeOp): void {
    const { cache } = this.#world
    switch (op.op) {
      case 'start':
        this.#start(op.signal)
        break
      case 'abort':
        this.#abort(op.signal)
        break
      case 'stop':
        this.#stop()
        break
      case 'retain':
        this.#retain()
        break
      case 'release':
        this.#releases.pop()?.()
        break
      case 'pause':
        this.isPaused = true
        cache.pause()
        break
      case 'resume':
        this.isPaused = false
        cache.resume()
        break
    }
    this.onChange()
  }

  /** Ends a turn, after which `isRunning` is as the contract says (L8). */
  endTurn(): void {
    if (this.isLeft && this.#holders === 0 && !this.#isOwn && this.isRunning) {
      this.#stopped()
      this.onChange()
    }
    this.isLeft = false
    for (const stop of this.stops) if (stop.isDone) this.stops.delete(stop)
  }

  listen(isOn: boolean): void {
    const { cache } = this.#world
    if (isOn)
      this.#ends.push(
        cache.subscribeIds(() => undefined),
        cache.subscribeStatus(() => undefined),
      )
    else for (const end of this.#ends.splice(0)) end()
  }

  leaveAll(): void {
    for (const release of this.#releases.splice(0)) release()
    this.listen(false)
  }

  /** Number of listeners that the cache has on signals given to `start`. */
  get signals(): readonly AbortSignal[] {
    return [...this.#controllers.values()].map(({ signal }) => signal)
  }

  #start(signal: number | undefined): void {
    const wasRunning = this.isRunning
    const controller = signal === undefined ? undefined : this.#controllerOf(signal)
    if (controller?.signal.aborted !== true) {
      if (signal !== undefined) this.#armed.add(signal)
      this.#isOwn = true
      this.isLeft = false
      this.isRunning = true
    }
    this.#world.cache.start(controller === undefined ? {} : { signal: controller.signal })
    this.#started(wasRunning)
  }

  #retain(): void {
    this.#holders += 1
    const wasRunning = this.isRunning
    this.isLeft = false
    if (!wasRunning) this.#isOwn = false
    this.isRunning = true
    let isHeld = true
    const release = this.#world.cache.retain()
    this.#started(wasRunning)
    this.#releases.push(() => {
      if (isHeld) {
        isHeld = false
        this.#holders -= 1
        if (this.#holders === 0 && !this.#isOwn && this.isRunning) this.isLeft = true
      }
      release()
      release()
    })
  }

  /** G2: a start brings back what `clear` removed under subscriptions with `create`. */
  #started(wasRunning: boolean): void {
    // Inside a callback, events of it are still to come.
    if (wasRunning || !this.isRunning || this.#world.reactions > 0) return
    for (const id of this.clearedIds)
      this.#world.check(
        this.#ledger.entries.has(id),
        'G2',
        () => `${JSON.stringify(id)} was cleared under a subscription, and does not come back`,
      )
  }

  #stop(): void {
    const { cache, calls } = this.#world
    const stop: Stop = {
      calls: new Set([...calls].filter((call) => this.#world.occupies(call))),
      isDone: false,
    }
    this.stops.add(stop)
    this.#stopped()
    void cache.stop().then(() => {
      stop.isDone = true
      const { timeout } = this.#world
      const isOver = [...calls].every((call) => !stop.calls.has(call) || !this.#world.occupies(call))
      const isVague = timeout === Infinity || this.#world.script.clock !== 'normal'
      this.#world.check(isOver || isVague, 'L9', () => 'stop resolved, and a call runs')
    })
    this.onChange()
  }

  #abort(signal: number): void {
    if (this.#armed.has(signal)) this.#stopped()
    const controller = this.#controllerOf(signal)
    controller.abort()
    // A listener that heard of the stop may have started the cache with a new one.
    if (this.#controllers.get(signal) === controller) this.#controllers.delete(signal)
  }

  #stopped(): void {
    // An answer that the cache has not applied yet counts for nothing (L3).
    if (this.#world.cache.isRunning) {
      this.#world.stops += 1
      this.#ledger.catchUp()
      for (const call of this.#ledger.discard()) call.state = 'over'
    }
    this.isRunning = false
    this.isLeft = false
    this.#isOwn = false
    this.#armed.clear()
    this.#requests.stopped()
    for (const entry of this.#ledger.entries.values()) entry.reopens = false
  }

  #controllerOf(signal: number): AbortController {
    let controller = this.#controllers.get(signal)
    if (controller === undefined) {
      controller = new AbortController()
      this.#controllers.set(signal, controller)
    }
    return controller
  }

  /** G2: a start has made an id pending again that `clear` had removed. */
  recreated(id: string): void {
    this.#ledger.create(id, undefined, false).unobservedAt = Infinity
    // It may be gone again before the turn ends.
    this.#world.acted.add(id)
    for (const listener of this.#observers.listeners) if (listener.id === id) listener.isCleared = false
  }

  /** G2: ids that `clear` deleted and that somebody with `create` still observes. */
  get clearedIds(): ReadonlySet<string> {
    const ids = new Set<string>()
    for (const { id, isCleared } of this.#observers.listeners) if (isCleared) ids.add(id)
    return ids
  }
}
