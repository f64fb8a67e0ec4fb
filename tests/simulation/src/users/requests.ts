import { type Call, codeOf, isExpected } from '../world/call.ts'
import type { Ledger } from '../world/ledger.ts'
import type { World } from '../world/world.ts'

/** A pending `refresh`. */
interface Request {
  readonly id: string
  readonly generation: number | undefined
  /** Sequence number among all events of the run. */
  readonly order: number
  isOpen: boolean
}

/** All `refresh` and `refreshAll` promises. Each is checked when it settles (S8, S13, S15, G1). */
export class Requests {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #open = new Set<Request>()
  /** Calls that could answer an open request. */
  readonly #calls: Call[] = []
  /** Each `refreshAll` that has not settled. */
  readonly #alls = new Set<number>()
  /** The turn in which one last settled. */
  #allSettledIn = -1
  /** Ids that `mutate` asked a refresh for, which nobody waits for. */
  readonly #unwatched = new Map<string, number>()
  /** Orders of the last stop and of the last deletion by id. */
  #stoppedAt = -1
  readonly #deletedAt = new Map<string, number>()

  constructor(world: World, ledger: Ledger) {
    this.#world = world
    this.#ledger = ledger
  }

  get size(): number {
    return this.#open.size + this.#alls.size
  }

  stopped(): void {
    this.#stoppedAt = this.#world.order()
    this.#unwatched.clear()
  }

  deleted(id: string): void {
    this.#deletedAt.set(id, this.#world.order())
  }

  started(call: Call): void {
    if (this.#open.size > 0) this.#calls.push(call)
    const { turn } = this.#world
    for (const id of call.ids) if ((this.#unwatched.get(id) ?? turn) < turn) this.#unwatched.delete(id)
  }

  /** True if a refresh of the item was requested, and no call that started since has settled for it. */
  isAskedFor(id: string): boolean {
    for (const request of this.#open) if (request.id === id) return true
    // In an outage it asks for one call first, and for all that is there then (G8).
    return this.#alls.size > 0 || this.#unwatched.has(id)
  }

  /** True if a `refreshAll` may have asked for anything in this turn, and taken it back (G8). */
  get isAllAskedFor(): boolean {
    return this.#alls.size > 0 || this.#allSettledIn === this.#world.turn
  }

  /** Notes the refresh that `mutate` requests, whose promise nobody gets (W15). */
  unwatched(id: string): void {
    this.#unwatched.set(id, this.#world.turn)
  }

  /** Ids with a pending request. */
  ids(): ReadonlySet<string> {
    return new Set([...this.#open].map(({ id }) => id))
  }

  /** True if the id has a pending request, and no call that started since contains it. */
  isUnserved(id: string): boolean {
    for (const request of this.#open)
      if (request.id === id && !this.#calls.some((call) => call.order > request.order && call.sent.has(id)))
        return true
    return false
  }

  refresh(id: string): void {
    const world = this.#world
    const entry = this.#ledger.entries.get(id)
    const expected = entry === undefined ? 'NOT_FOUND' : world.cache.isRunning ? undefined : 'STOPPED'
    const request: Request = {
      id,
      generation: entry?.generation,
      order: world.order(),
      isOpen: true,
    }
    this.#open.add(request)
    const before = world.reactions
    const settle = (error?: unknown): void => {
      request.isOpen = false
      if (world.cache.has(id)) this.#ledger.catchUp(id)
      else this.#ledger.settle([id])
      if (expected !== undefined) {
        const isRight = codeOf(error) === expected
        world.check(
          isRight || world.reactions !== before,
          'S13',
          () => `refresh gave ${String(codeOf(error))}, not ${expected}`,
        )
      } else if (error === undefined) this.#checkSuccess(request)
      else this.#checkFailure(request, error)
      this.#open.delete(request)
      if (this.#open.size === 0) this.#calls.length = 0
    }
    world.cache.refresh(id).then(
      () => settle(),
      (error: unknown) => settle(error),
    )
  }

  refreshAll(): void {
    const world = this.#world
    const wasRunning = world.cache.isRunning
    const order = world.order()
    this.#alls.add(order)
    const settle = (error?: unknown): void => {
      this.#alls.delete(order)
      this.#allSettledIn = world.turn
      const isStopped = !wasRunning || this.#stoppedAt > order
      world.check(
        error === undefined ? wasRunning : codeOf(error) === 'STOPPED' && isStopped,
        'G1',
        () => `refreshAll ${error === undefined ? 'resolved' : `rejected ${String(codeOf(error))}`}`,
      )
    }
    world.cache.refreshAll().then(
      () => settle(),
      (error: unknown) => settle(error),
    )
  }

  #checkSuccess({ id, order }: Request): void {
    // The order of its own success and a callback's deletion cannot be told.
    if ((this.#deletedAt.get(id) ?? -1) > order && this.#world.reactions > 0) return
    const call = this.#calls.find((one) => one.order > order && one.results.get(id) === 'ok')
    this.#world.check(
      call !== undefined,
      'S8',
      () => `refresh(${JSON.stringify(id)}) resolved without a successful call that started after it`,
    )
  }

  #checkFailure({ id, order, generation }: Request, error: unknown): void {
    const world = this.#world
    const code = codeOf(error)
    const entry = this.#ledger.entries.get(id)
    const isGone =
      (this.#deletedAt.get(id) ?? -1) > order || entry?.generation !== generation || entry?.isMarked === true
    if (code === 'STOPPED')
      return world.check(
        this.#stoppedAt > order,
        'S13',
        () => `refresh(${JSON.stringify(id)}) rejected STOPPED`,
      )
    if (code === 'DELETED')
      return world.check(isGone, 'S13', () => `refresh(${JSON.stringify(id)}) rejected DELETED`)
    // The order of its own failure and a callback's deletion cannot be told.
    if (isGone && world.reactions > 0) return
    const isAnswered = this.#calls.some((call) => {
      if (call.order < order) return false
      const result = call.results.get(id)
      if (result !== undefined && result !== 'ok' && isExpected(result, error)) return true
      // S15: in an outage the failure of the one call is that of all requests.
      return call.outcome?.hasFailed === true && isExpected(call.outcome.error, error)
    })
    world.check(
      isAnswered,
      'S8',
      () => `refresh(${JSON.stringify(id)}) rejected with an error of no call after it: ${String(code)}`,
    )
  }
}
