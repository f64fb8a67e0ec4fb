import { type Item } from './script.ts'
import { attempt, show } from './show.ts'
import { type World } from './world.ts'

/** What the application writes by itself: `getOrCreate` and `update`. */
export class Writes {
  readonly #world: World
  /** How many operations were begun, nested ones too. */
  count = 0
  /** Writes that the cache is at, outermost first. */
  readonly #unfinished: (() => void)[] = []

  constructor(world: World) {
    this.#world = world
  }

  /** An operation begins. In a callback that is told of a change, the change is complete. */
  begin(): void {
    this.count += 1
    if (this.#world.reactions.isInValue) return
    for (const finish of this.#unfinished) finish()
  }

  /** W2 */
  update(id: string, item: Item): boolean {
    const { cache, model } = this.#world
    return this.#write(
      () => {
        const present = model.entries.get(id)
        if (present !== undefined && cache.getSnapshot(id).item === item) model.update(present, item)
      },
      () => cache.update(id, item),
    )
  }

  /** W1, C1 */
  create(id: string, item: Item): void {
    const { cache, model, violations } = this.#world
    const before = model.entries.get(id)
    let expected: unknown = before?.item
    const performed = this.count
    const change = (): void => {
      if (model.vague.has(id)) return this.#noteGone()
      if (before !== undefined || model.entries.has(id)) return
      const isFull = model.entries.size >= model.rules.capacity
      const isIn = cache.getSnapshot(id).item === item
      // Others of which it is not known whether they are there may fill it.
      if (!isFull && !isIn && model.vague.size > 0) model.vague.add(id)
      if (isFull) this.#makeRoom(!isIn)
      expected = isFull && !isIn ? 'CAPACITY' : item
      if (isIn) model.create(id, item)
    }
    const present = this.#write(change, () => attempt(() => cache.getOrCreate(id, item)))
    if (model.vague.has(id)) return this.#noteGone()
    // What callbacks do to the item meanwhile may be in what is returned.
    if (this.count > performed) return
    violations.check(
      present === expected,
      'W1',
      () => `getOrCreate(${JSON.stringify(id)}) gave ${show(present)}`,
    )
  }

  /** The model makes the change when it is complete: before anything else that callbacks do, at the latest at the end. */
  #write<T>(change: () => void, make: () => T): T {
    let isDone = false
    const finish = (): void => {
      if (isDone) return
      isDone = true
      change()
    }
    this.#unfinished.push(finish)
    const result = make()
    this.#unfinished.pop()
    finish()
    return result
  }

  /** What made room for an item of which it is not known whether it was there. */
  #noteGone(): void {
    const { cache, model } = this.#world
    for (const id of model.entries.keys()) if (!cache.has(id)) model.vague.add(id)
  }

  /** C1: who may be removed to make room, and that only one is. */
  #makeRoom(isRefused: boolean): void {
    const { model, cache, violations, witness, reactions } = this.#world
    const entries = [...model.entries.values()].filter(({ id }) => !model.vague.has(id))
    const may = new Set(
      entries.filter(
        (one) => model.audience.mayBeUnobserved(one.id) && model.callOf(one)?.state !== 'running',
      ),
    )
    const surely = entries.filter(
      ({ id }) => !model.audience.mayBeObserved(id) && !model.mayBeHeld(id) && !witness.starting.has(id),
    )
    if (isRefused) {
      violations.check(
        surely.length === 0 || reactions.isInValue,
        'C1',
        () => `CAPACITY, though ${show(surely[0]?.id)} may go`,
      )
      return
    }
    const gone = [...model.entries.values()].filter(({ id }) => !cache.has(id))
    if (model.vague.size === 0)
      violations.check(
        gone.length === 1,
        'C1',
        () => `${gone.length} items were removed to make room for one`,
      )
    for (const one of gone) {
      violations.check(
        may.has(one) || model.vague.has(one.id),
        'C1',
        () => `${show(one.id)} was evicted in use`,
      )
      violations.check(
        one.status !== 'active' || !surely.some(({ status }) => status !== 'active') || model.vague.size > 0,
        'C1',
        () => `${show(one.id)} was evicted before one that has ended`,
      )
      model.remove(one, 'evicted')
    }
  }
}
