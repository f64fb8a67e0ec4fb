import { type Cast } from './cast.ts'
import { isExpected } from './check-snapshots.ts'
import { type Waiter, type Watcher } from './observers.ts'
import { type Request } from './model/request.ts'
import { codeOf, show } from './show.ts'
import { type World } from './world.ts'

/** Promises have settled when they had to, as they had to, and not before (S8, L3, O4, O5). */
export function checkPromises({ world, user, observers }: Cast): void {
  const { model, violations } = world
  for (const request of model.requests) {
    checkRequest(world, request)
    if (request.actual !== 'pending') model.requests.delete(request)
  }
  for (const stop of user.starts.stops) {
    const isOver = !stop.calls.some((call) =>
      [...model.calls].some((one) => one === call && world.model.occupies(one)),
    )
    const isFor = model.rules.timeout === Infinity
    // A timer that is due now may be what it waits for.
    if (world.clock.next <= world.clock.now()) continue
    violations.check(
      stop.isDone === (isOver || isFor),
      'L3',
      () =>
        `the promise of stop is ${stop.isDone ? '' : 'not '}settled, calls ${isOver ? 'have ended' : 'are running'}`,
    )
    if (stop.isDone) user.starts.stops.delete(stop)
  }
  for (const waiter of observers.waiters) {
    checkWaiter(world, waiter)
    if (waiter.result !== undefined) observers.waiters.delete(waiter)
  }
  for (const watcher of observers.watchers) {
    checkWatcher(world, watcher)
    if (watcher.result !== undefined) observers.watchers.delete(watcher)
  }
}

function checkRequest({ violations }: World, { entry, expected, actual }: Request): void {
  if (expected === 'vague') return
  const matches =
    typeof expected === 'string'
      ? expected === actual
      : typeof actual === 'object' && isExpected(expected, actual.error)
  if (matches) return
  const told = actual === 'pending' || actual === 'done' ? actual : show(codeOf(actual.error))
  violations.add('S8', `a refresh of ${show(entry?.id)} is ${told}; it should be ${show(expected)}`)
}

function checkWaiter(world: World, waiter: Waiter): void {
  const { model, violations } = world
  const { id, result, condition, isAbsent, isAborted } = waiter
  if (model.vague.has(id)) return
  const entry = model.entries.get(id)
  const hasChanged = model.journal.changes(id) > 0
  const name = (): string => `until(${show(id)})`
  if (result === undefined) {
    violations.check(!isAborted, 'O4', () => `${name()} waits, and is aborted`)
    violations.check(entry !== undefined, 'O4', () => `${name()} waits, and the item is gone`)
    if (entry === undefined) return
    violations.check(entry.status !== 'expired', 'O4', () => `${name()} waits, and the item has expired`)
    violations.check(!holds(condition, entry.item), 'O4', () => `${name()} waits, and its condition holds`)
    return
  }
  if ('item' in result) {
    violations.check(holds(condition, result.item), 'O4', () => `${name()} gave ${show(result.item)}`)
    return
  }
  const code = codeOf(result.error)
  if (code === 'NOT_FOUND')
    violations.check(isAbsent, 'O4', () => `${name()} found nothing, and it was there`)
  else if (code === 'DELETED') violations.check(hasChanged, 'O4', () => `${name()} says deleted`)
  else if (code === 'EXPIRED')
    violations.check(entry?.status === 'expired' || hasChanged, 'O4', () => `${name()} says expired`)
}

function checkWatcher(world: World, watcher: Watcher): void {
  const { model, violations } = world
  const { id, result, isAborted, isAbsent, last } = watcher
  if (model.vague.has(id)) return
  const entry = model.entries.get(id)
  const name = (): string => `watch(${show(id)})`
  const hasEnded = entry === undefined || entry.status !== 'active'
  if (result === undefined) {
    violations.check(!isAborted && !hasEnded, 'O5', () => `${name()} goes on, and should have ended`)
    if (entry !== undefined)
      violations.check(
        last === entry.item,
        'O5',
        () => `${name()} has yielded ${show(last)}, not ${show(entry.item)}`,
      )
    return
  }
  if (result === 'done')
    violations.check(
      hasEnded || isAborted || model.journal.changes(id) > 0,
      'O5',
      () => `${name()} has ended, and the item has not`,
    )
  else violations.check(isAbsent, 'O5', () => `${name()} threw ${show(codeOf(result.error))}`)
}

function holds<T>(condition: (item: T) => boolean, item: T): boolean {
  try {
    return condition(item)
  } catch {
    // A condition that throws rejects: it does not wait either.
    return true
  }
}
