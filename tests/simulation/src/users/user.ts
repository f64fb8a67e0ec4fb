import type { Op } from '../script.ts'
import type { Subject } from '../subject.ts'
import type { TaskQueue } from '../world/task-queue.ts'
import type { Backend } from '../world/backend.ts'
import { codeOf } from '../world/call.ts'
import type { Ledger } from '../world/ledger.ts'
import type { World } from '../world/world.ts'
import { Adoption } from './adoption.ts'
import { forbidden } from './forbidden.ts'
import { Life } from './life.ts'
import type { Observers } from './observers.ts'
import type { Requests } from './requests.ts'
import { sameItem, Writes } from './writes.ts'

/** The application: calls the methods of the cache, and notes in the ledger what they have to do. */
export class User {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #backend: Backend
  readonly #observers: Observers
  readonly #requests: Requests
  readonly #writes: Writes
  readonly #adoption: Adoption
  readonly #subject: Subject
  readonly life: Life
  /** Called once the interval was changed. */
  onInterval: (ms: number) => void = () => undefined

  constructor(
    world: World,
    ledger: Ledger,
    backend: Backend,
    tasks: TaskQueue,
    observers: Observers,
    requests: Requests,
    subject: Subject,
  ) {
    this.#world = world
    this.#ledger = ledger
    this.#backend = backend
    this.#observers = observers
    this.#requests = requests
    this.#writes = new Writes(world, ledger, backend, tasks, observers, requests, subject)
    this.#writes.catchUp = (id) => {
      if (world.reactions > 0) this.#catchUp(id)
    }
    this.#adoption = new Adoption(world, ledger, backend, subject)
    this.#subject = subject
    this.life = new Life(world, ledger, observers, requests)
  }

  perform(op: Op): void {
    const world = this.#world
    world.trace?.(`${world.now}   ${JSON.stringify(op)}${world.questions > 0 ? ' (in a question)' : ''}`)
    if (world.questions > 0) return forbidden(world, op, this.#subject)
    world.performing += 1
    try {
      this.#perform(op)
    } finally {
      world.performing -= 1
    }
  }

  #perform(op: Op): void {
    const world = this.#world
    if ('id' in op) {
      world.touched.add(op.id)
      world.acted.add(op.id)
      this.#ledger.catchUp(op.id)
      if (world.reactions > 0) this.#catchUp(op.id)
      // `mutate` asks for a refresh after it has put the old value back, and callbacks hear of that in between.
      const isReleased = this.#ledger.entries.get(op.id)?.releasedIn === world.turn
      if (isReleased && world.reactions > 0) world.isLost = true
    } else {
      world.hasActedOnAll = true
      if (world.releasedIn === world.turn && world.reactions > 0) world.isLost = true
    }
    switch (op.op) {
      case 'start':
      case 'abort':
      case 'stop':
      case 'retain':
      case 'release':
      case 'pause':
      case 'resume':
        return this.life.perform(op)
      case 'create':
        return this.#writes.create(op)
      case 'update':
        return this.#writes.update(op.id, op.item)
      case 'delete':
        return this.#writes.delete(op.id)
      case 'clear':
        return this.#writes.clear()
      case 'deleteDelayed':
        return this.#writes.mark(op.id)
      case 'ingest':
        return this.#writes.ingest(op)
      case 'hold':
        return this.#writes.hold(op.id)
      case 'unhold':
        return this.#writes.unhold(op.id)
      case 'mutate':
        return this.#writes.mutate(op)
      case 'refresh':
        return this.#refresh(op.id)
      case 'refreshAll':
        return this.#requests.refreshAll()
      case 'subscribe':
        return this.#writes.subscribe(op)
      case 'unsubscribe':
        return this.#observers.unsubscribe(op.id)
      case 'until':
        return this.#observers.until(op.id)
      case 'watch':
        return this.#observers.watch(op.id)
      case 'leave':
        return this.#observers.leave(op.id)
      case 'interval':
        world.cache.setOptions({ interval: op.ms })
        return this.onInterval(op.ms)
      case 'page':
        return world.platform.set(op.visible, op.online)
      case 'manager':
        // Inside a callback, a stop may still be to be told.
        if (world.reactions === 0) world.platform.tell(op.online)
        return
      case 'adopt':
        return this.#adoption.adopt(op)
      case 'server':
        return this.#backend.change(op.id, op.change)
      case 'many':
        return this.#many(op.from, op.count)
      case 'listenAll':
      case 'unlistenAll':
        return this.life.listen(op.op === 'listenAll')
      default:
        return this.#read(op)
    }
  }

  /** Inside a callback, events of what has happened may still be to come. */
  #catchUp(id: string): void {
    const { status } = this.#world.cache.getSnapshot(id)
    const entry = this.#ledger.entries.get(id)
    if (entry === undefined) {
      // G2: it was created anew by the start that this is told of.
      const isAnew = status === 'pending' && this.life.clearedIds.has(id)
      if (isAnew) this.life.recreated(id)
      else if (status !== 'missing') this.#world.isLost = true
    } else if (status === 'missing') {
      this.#writes.remove(id)
      this.#ledger.foreseen.set(id, (this.#ledger.foreseen.get(id) ?? 0) + 1)
    } else if (status === 'expired') entry.status = 'expired'
  }

  releaseHolds(): void {
    this.#writes.releaseHolds()
  }

  /** Ends everything that the application has begun, except for the cache itself. */
  leaveAll(): void {
    this.#observers.leaveAll()
    this.#writes.releaseHolds()
    this.life.leaveAll()
  }

  #many(from: number, count: number): void {
    for (let number = from; number < from + count; number += 1)
      this.#writes.create({ op: 'create', id: `${number % 2 === 0 ? 'E' : 'W'}${number}`, item: 'active' })
    // Items that come later leave the bad ones as they are.
    if (this.#world.size === 0) this.#world.size = from + count
  }

  #refresh(id: string): void {
    const entry = this.#ledger.entries.get(id)
    if (entry !== undefined && this.#world.cache.isRunning) {
      if (entry.status === 'terminal') entry.reopens = true
      if (!entry.isOwned && this.#observers.count(id) === 0) entry.wasIdle = true
      if (entry.isMarked) this.#writes.remove(id)
    }
    // The mark itself is told as DELETED, not as NOT_FOUND.
    if (entry?.isMarked === true) this.#world.cache.refresh(id).catch(() => undefined)
    else this.#requests.refresh(id)
  }

  #read(op: Op): void {
    const { cache } = this.#world
    if (op.op === 'get' || op.op === 'getOrThrow') {
      const item = this.#ledger.entries.get(op.id)?.item
      const read = (): unknown =>
        op.op === 'get' ? cache.get(op.id) : attempt(() => cache.getOrThrow(op.id))
      const value = read()
      const expected = op.op === 'getOrThrow' && item === undefined ? 'NOT_FOUND' : item
      this.#world.check(
        sameItem(value, expected) ||
          this.#world.callOf(op.id)?.state !== undefined ||
          this.#world.reactions > 0,
        'W9',
        () => `${op.op}(${JSON.stringify(op.id)}) gave ${JSON.stringify(value)}`,
      )
    } else if (op.op === 'inProcessing') {
      const is = cache.inProcessing(op.id)
      this.#world.check(
        !is || cache.isRunning,
        'C2',
        () => `${JSON.stringify(op.id)} is in processing after stop`,
      )
      this.#world.check(
        !is || cache.has(op.id),
        'C2',
        () => `${JSON.stringify(op.id)} is absent and in processing`,
      )
    } else {
      const stats = cache.stats()
      this.#world.check(
        stats.size === cache.size && [...cache.ids()].length === cache.size,
        'stats',
        () => 'sizes differ',
      )
      cache.getStatus()
    }
  }
}

/** Returns the result of a call, or the code of the error that it throws. */
function attempt(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return codeOf(error)
  }
}
