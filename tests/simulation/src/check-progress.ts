import { type Cast } from './cast.ts'
import { type ModelEntry } from './model/entry.ts'
import { show } from './show.ts'
import { type World } from './world.ts'

/** Timers that fire in one instant: more, and it is a loop. */
const STORM = 30

/** Nothing that can go on waits; and nothing is armed for nothing (L5, L3, S4, S9, S10, F6, T3, W5, W12). */
export function checkProgress({ world, backend }: Cast): void {
  const { clock, life, model, violations, page } = world
  violations.always(clock.wrongDelay === undefined, 'S10', () => `a timer of ${String(clock.wrongDelay)} ms`)
  violations.always(clock.armed <= 1, 'L5', () => `${clock.armed} timers are armed`)
  violations.check(page.listeners <= (life.isRunning ? 1 : 0), 'L3', () => 'the page is listened to')
  for (const [call, signal] of backend.signals) {
    if (call.isActive)
      violations.check(!signal.aborted, 'T1', () => 'the signal of a running call is aborted')
    else if ((call.state === 'aborted' && !call.hasAnswered) || call.isTimedOut)
      violations.check(signal.aborted, 'L3', () => 'the signal of a call that was given up is not aborted')
    if (!call.isActive) backend.signals.delete(call)
  }
  if (!life.isRunning) {
    const isWaiting =
      model.rules.timeout !== Infinity && [...model.calls].some((call) => model.occupies(call))
    if (!isWaiting)
      violations.check(clock.armed === 0, 'L5', () => 'a timer is armed, and the cache is stopped')
    return
  }
  if (!hasPlans(world)) violations.check(clock.armed === 0, 'L5', () => 'a timer is armed for nothing')
  if (clock.next <= clock.now()) return
  for (const entry of model.entries.values()) {
    checkTime(world, entry)
    checkWaiting(world, entry)
  }
}

export function checkStorm({ violations }: World, fires: number): boolean {
  violations.always(fires <= STORM, 'L5', () => `${fires} timers fired in one instant`)
  return fires > STORM
}

function hasPlans({ model }: World): boolean {
  const { terminalTtl, maxAge, gcTime, timeout } = model.rules
  if (model.calls.size > 0 && timeout !== Infinity) return true
  if (model.vague.size > 0) return true
  for (const entry of model.entries.values()) {
    if (entry.isDeleting || model.isAskedFor(entry) || entry.isAdopted) return true
    if (model.isPlannable(entry) && entry.due.lo !== Infinity) return true
    if (entry.status === 'active' ? maxAge !== Infinity : terminalTtl !== Infinity) return true
    if (gcTime !== Infinity && entry.unobservedSince !== undefined) return true
  }
  return false
}

/** W5, W12: what time removes is gone, and what it expires has expired. */
function checkTime({ model, clock, violations }: World, entry: ModelEntry): void {
  const { terminalTtl, maxAge, gcTime } = model.rules
  const now = clock.now()
  const isIn = (rule: string, deadline: number, what: string): void => {
    if (!(now < deadline + 1))
      violations.add(rule, `${show(entry.id)} should have ${what} at ${deadline}; it is ${now}`)
  }
  if (entry.isAdopted || model.vague.has(entry.id)) return
  const isPostponed = model.rules.batches !== 'default'
  if (entry.removal !== undefined && !isPostponed) isIn('W5', entry.removal.hi, 'been removed')
  if (entry.endedMono !== undefined) isIn('W12', entry.endedMono + terminalTtl, 'been removed')
  if (entry.status === 'active') isIn('W12', entry.createdMono + maxAge, 'expired')
  if (entry.unobservedSince !== undefined) isIn('W12', entry.unobservedSince + gcTime, 'been removed')
}

/** S4: a due item waits only for a slot, a token, a gate, or a probe. */
function checkWaiting(world: World, entry: ModelEntry): void {
  const { model, clock, violations, outage, dispatch, witness } = world
  const now = clock.now()
  const isAskedFor = model.isAskedFor(entry)
  if (!isAskedFor && (!model.isPlannable(entry) || entry.due.hi + 1 >= now || !world.isGateOpen)) return
  if (isAskedFor && [...model.requests].some((one) => one.id === entry.id && one.expected === 'vague')) return
  if (model.vague.has(entry.id) || model.isHeld(entry.id) || model.rules.batches !== 'default') return
  let slots = 0
  for (const call of model.calls) if (model.occupies(call)) slots += 1
  if (slots >= model.rules.parallelism) return
  // A call that was stopped as it started has cost a token all the same.
  if (dispatch.bucket !== undefined && (witness.isCountVague || !dispatch.bucket.has(now - 1))) return
  if (outage.isOn && (slots > 0 || (!isAskedFor && outage.noLater + 1 >= now))) return
  violations.add('S4', `${show(entry.id)} is due since ${entry.due.hi} and waits at ${now} for nothing`)
}
