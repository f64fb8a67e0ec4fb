import { type Planted } from './planted.ts'

const commit = 'commit.ts'
const entries = 'entries.ts'
const plan = 'refresh-plan.ts'
const loop = 'refresh-loop.ts'
const lifecycle = 'lifecycle.ts'
const batches = 'dispatch/batches.ts'
const outage = 'dispatch/outage.ts'
const limiter = 'dispatch/limiter.ts'
const requests = 'dispatch/requests.ts'
const delays = 'policy/next-delay.ts'
const listeners = 'observe/listeners.ts'
const scheduler = 'schedule/scheduler.ts'

/**
 * Bugs that caches of this kind have had, each at one place of the source: those of the Go original, those that were
 * measured in its peers, and the slips that come of themselves: a guard left out, one too many, a stale handle.
 */
export const planted: readonly Planted[] = [
  // Of the Go original.
  {
    name: 'older-answer-overwrites-write',
    file: entries,
    find: 'if (entry.call !== undefined) entry.isOvertaken = true',
    replace: 'if (entry.call === undefined) entry.isOvertaken = true',
    why: 'W6: an answer that was asked for before a local write overwrites it',
  },
  {
    name: 'removes-what-was-written-meanwhile',
    file: commit,
    find: "reading.action === 'delete' && !entry.isOvertaken",
    replace: "reading.action === 'delete'",
    why: 'W6: a deletion at the source removes what was written meanwhile',
  },
  {
    name: 'resurrects-terminal',
    file: entries,
    find: "if (entry.status === 'terminal' && !isTerminal) return undefined",
    replace: '',
    why: 'W7: an answer takes a terminal item back',
  },
  {
    name: 'syncs-what-is-in-a-call',
    file: plan,
    find: 'if (call !== undefined || isDeleting) return false',
    replace: 'if (isDeleting) return false',
    why: 'S3: an item that is asked for is sent though a call with it runs',
  },
  {
    name: 'no-successor-waits',
    file: entries,
    find: 'if (this.#departed.has(id)) entry.call = OCCUPIED',
    replace: '',
    why: 'S3: an id that was deleted and created again is in two calls',
  },
  {
    name: 'no-backoff',
    file: delays,
    find: 'const grown = interval * backoff.factor ** (failures - 1)',
    replace: 'const grown = interval',
    why: 'F2: failures do not delay more and more',
  },
  {
    name: 'call-hangs-for-ever',
    file: loop,
    find: 'if (call.deadline > moment.now) return',
    replace: 'return',
    why: 'T1: a call that hangs keeps its slot for ever',
  },
  {
    name: 'late-answer-counts',
    file: loop,
    find: 'if (call.isOver) return\n    this.#calls.delete(call)',
    replace: 'this.#calls.delete(call)',
    why: 'T1: what comes after the timeout is applied',
  },
  {
    name: 'stop-applies-answers',
    file: loop,
    find: 'if (call.isAborted) this.#release(call)\n      else',
    replace: '',
    why: 'L3: what aborted calls bring is applied',
  },
  {
    name: 'stop-does-not-abort',
    file: loop,
    find: '      call.context.abort(reason)\n',
    replace: '',
    why: 'L3: the signals of running calls are not aborted',
  },
  {
    name: 'marked-item-is-synced',
    file: plan,
    find: '    entry.cohort?.remove(entry)\n    this.removals.add',
    replace: '    if (due <= moment.now) return\n    entry.cohort?.remove(entry)\n    this.removals.add',
    why: 'W5: an item that waits for a slot when it is marked is refreshed once more',
  },
  {
    name: 'mark-outlives-its-item',
    file: commit,
    find: "if (entry.status !== 'missing' && entry.isDeleting) this.#entries.remove(entry, 'delayed')",
    replace: '',
    why: 'W5: what is marked in a call is not removed when that settles',
  },
  // Of peers.
  {
    name: 'listener-throw-ends-flush',
    file: listeners,
    find: '        this.#report(error)\n',
    replace: '        this.#report(error)\n        return\n',
    why: 'O2, F7: a listener that throws keeps the others from being told',
  },
  {
    name: 'throw-not-reported',
    file: listeners,
    find: '        this.#report(error)\n',
    replace: '',
    why: 'F7: what a listener throws is lost',
  },
  {
    name: 'long-delay-fires-at-once',
    file: scheduler,
    find: 'const LONGEST_DELAY = 2 ** 31 - 1',
    replace: 'const LONGEST_DELAY = 2 ** 31',
    why: 'S10: one ms more than timers can',
  },
  {
    name: 'reads-wall-clock-as-monotonic',
    file: 'schedule/sleep-detector.ts',
    find: 'if (ahead <= TOLERANCE) return 0',
    replace: 'return 0',
    why: 'T2: a sleep is not noticed',
  },
  {
    name: 'sleep-found-for-nothing',
    file: 'schedule/sleep-detector.ts',
    find: 'const TOLERANCE = 30_000',
    replace: 'const TOLERANCE = 500',
    why: 'T2: a correction of the wall clock is taken for a sleep',
  },
  {
    name: 'polls-while-hidden',
    file: 'environment/gate.ts',
    find: '(refreshWhenHidden || this.#ask(() => environment.isVisible(), true)) &&',
    replace: '',
    why: 'T3: a hidden page refreshes',
  },
  {
    name: 'nothing-on-return',
    file: lifecycle,
    find: '    this.#gate.look()\n    this.soon()\n  }\n\n  /** After a sleep',
    replace: '  }\n\n  /** After a sleep',
    why: 'T3: what is overdue waits when the page comes back',
  },
  {
    name: 'told-after-leaving',
    file: listeners,
    find: "if (subscription.state !== 'pending') continue",
    replace: '',
    why: 'O2: a listener is told after its unsubscribe has returned',
  },
  // Off by one, the wrong side, the wrong sum.
  {
    name: 'one-call-too-many',
    file: limiter,
    find: 'return this.#running < this.#parallelism',
    replace: 'return this.#running <= this.#parallelism',
    why: 'S4: parallelism plus one',
  },
  {
    name: 'tokens-overflow',
    file: limiter,
    find: 'return Math.min(this.#burst, this.#tokens + (now - this.#countedAt) * this.#rate)',
    replace: 'return this.#tokens + (now - this.#countedAt) * this.#rate',
    why: 'S4: a long rest earns more than a burst',
  },
  {
    name: 'token-not-taken',
    file: limiter,
    find: 'this.#tokens = this.#count(now) - 1',
    replace: 'this.#tokens = this.#count(now)',
    why: 'S4: no call costs a token',
  },
  {
    name: 'batch-too-large',
    file: batches,
    find: 'let room = Math.min(bounds.limit, this.#batchSize)',
    replace: 'let room = Math.min(bounds.limit, this.#batchSize + 1)',
    why: 'S5: batchSize plus one',
  },
  {
    name: 'comes-too-early',
    file: batches,
    find: 'wait > this.#coalesce * reach)) break',
    replace: 'wait > reach)) break',
    why: 'S5: coalesce is not heeded for what is due',
  },
  {
    name: 'early-though-it-failed',
    file: batches,
    find: 'return cohort.eager && (',
    replace: 'return (',
    why: 'S5, F2: what waits after a failure comes along early',
  },
  {
    name: 'outage-a-call-late',
    file: outage,
    find: 'const FAILURES = 3',
    replace: 'const FAILURES = 4',
    why: 'F6: four failures make an outage',
  },
  {
    name: 'outage-never-ends',
    file: outage,
    find: '    this.#isOn = false\n    return wasOn',
    replace: '    return wasOn',
    why: 'F6: a success does not end the outage',
  },
  {
    name: 'failures-add-up-over-successes',
    file: outage,
    find: '  succeeded(): boolean {\n    this.#failedCalls = 0\n',
    replace: '  succeeded(): boolean {\n',
    why: 'F6: failures that are not in a row make an outage',
  },
  {
    name: 'probes-at-full-size',
    file: delays,
    find: 'return Math.max(1, Math.floor(size / 2))',
    replace: 'return size',
    why: 'F6: probes are as large as what failed',
  },
  {
    name: 'probes-side-by-side',
    file: loop,
    find: '(this.outage.isOn && this.#isAsking())',
    replace: 'false',
    why: 'F6: a probe starts beside another call',
  },
  {
    name: 'probes-not-spaced',
    file: loop,
    find: 'const admitsDue = this.outage.probeAt <= now && this.#gate.look()',
    replace: 'const admitsDue = this.#gate.look()',
    why: 'F6: with something asked for, what is due goes without its space',
  },
  {
    name: 'poison-is-not-split',
    file: delays,
    find: 'return Math.ceil(size / 2)\n}',
    replace: 'return size\n}',
    why: 'F5: a poisonous item keeps its batch',
  },
  // Forgotten.
  {
    name: 'write-moves-due-time',
    file: entries,
    find: '    this.overtake(entry)\n    this.#replace(entry, item, moment)',
    replace:
      '    this.overtake(entry)\n    entry.refreshedAt = moment\n    this.#replace(entry, item, moment)',
    why: 'W3: a local write counts as a refresh',
  },
  {
    name: 'write-keeps-validator',
    file: entries,
    find: '    entry.validator = undefined\n    this.overtake(entry)',
    replace: '    this.overtake(entry)',
    why: 'W11: the validator of another value is sent',
  },
  {
    name: 'stale-snapshot',
    file: entries,
    find: '    entry.snapshot = undefined\n    if (entry.subscribers !== undefined) this.#rooms.listeners.tell(entry, visible)',
    replace:
      '    if (entry.subscribers !== undefined) this.#rooms.listeners.tell(entry, visible)\n    else return\n    entry.snapshot = undefined',
    why: 'O1: who does not subscribe sees an old snapshot',
  },
  {
    name: 'success-keeps-error',
    file: commit,
    find: '    entry.failures = undefined\n',
    replace: '',
    why: 'F3: a success leaves the error and the count',
  },
  {
    name: 'retry-after-ignored',
    file: plan,
    find: 'Math.max(SHORTEST_DELAY, delay, retryAfter)',
    replace: 'Math.max(SHORTEST_DELAY, delay)',
    why: 'F2: refreshed before retryAfter is over',
  },
  {
    name: 'request-of-running-call-served',
    file: requests,
    find: '    this.#waiting.set(entry, request)\n',
    replace: '    this.#waiting.set(entry, request)\n    if (entry.call !== undefined) this.start(entry)\n',
    why: 'S8: a refresh is answered by a call that ran before it',
  },
  {
    name: 'request-forgotten-by-stop',
    file: requests,
    find: 'for (const requests of [this.#waiting, this.#running])',
    replace: 'for (const requests of [this.#running])',
    why: 'L3: a refresh that waits is not answered by stop',
  },
  {
    name: 'request-forgotten-by-delete',
    file: requests,
    find: 'if (this.#running.has(entry)) this.reject(entry, makeError())',
    replace: '',
    why: 'S8: a refresh in a call is not answered when the item goes',
  },
  {
    name: 'timer-not-cleared',
    file: scheduler,
    find: 'if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer.handle)',
    replace: '',
    why: 'L5: an old timer stays armed beside the new one',
  },
  {
    name: 'timer-not-set-sooner',
    file: scheduler,
    find: 'this.#timer.due <= due && due !== Infinity) return',
    replace: 'due !== Infinity) return',
    why: 'S4: what is due before the armed timer waits for it',
  },
  {
    name: 'signal-of-start-kept',
    file: lifecycle,
    find: '    for (const forget of this.#signals.values()) forget()\n',
    replace: '',
    why: 'L3: a signal of an earlier run stops a later one',
  },
  {
    name: 'unwatch-forgotten',
    file: lifecycle,
    find: '    this.#gate.unwatch()\n',
    replace: '',
    why: 'L3: the page is listened to after stop',
  },
  {
    name: 'release-stops-others',
    file: lifecycle,
    find: 'if (this.#retainers === 0 && this.#isRetained && this.#isRunning) this.#halt()',
    replace: 'if (this.#isRunning) this.#halt()',
    why: 'L8: the last release stops what the application started',
  },
  {
    name: 'observed-is-evicted',
    file: 'policy/eviction.ts',
    find: 'if (member.subscribers !== undefined) return',
    replace: '',
    why: 'C1: an observed item is removed to make room',
  },
  {
    name: 'active-evicted-first',
    file: 'policy/eviction.ts',
    find: 'return this.#over.find(isIdle) ?? this.#active.find(isIdle)',
    replace: 'return this.#active.find(isIdle) ?? this.#over.find(isIdle)',
    why: 'C1: an active item is removed before one that is over',
  },
  {
    name: 'expires-never',
    file: entries,
    find: "if (entry.status === 'active') this.#settle(entry, 'expired', moment)",
    replace: '',
    why: 'W12: maxAge does nothing',
  },
  {
    name: 'observed-and-collected',
    file: 'lifetimes.ts',
    find: '  observe(entry: Entry<Item>): void {\n    this.#unobserved.delete(entry)\n',
    replace: '  observe(_entry: Entry<Item>): void {\n',
    why: 'W12: gcTime removes what has a subscriber',
  },
  {
    name: 'foreign-answer-by-position',
    file: 'responses.ts',
    find: 'if (position === undefined) {',
    replace: 'if (position === undefined && next >= asked.length) {',
    why: 'F4: a response for another id is taken for one that was asked for',
  },
  {
    name: 'until-does-not-leave',
    file: 'observe/until.ts',
    find: '    const end = (): void => {\n      unsubscribe()\n',
    replace: '    const end = (): void => {\n',
    why: 'O6: an until that has ended stays subscribed',
  },
]
