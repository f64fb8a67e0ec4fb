import { type Planted } from './planted.ts'

/** Of the Go original. */
export const ofTheOriginal: readonly Planted[] = [
  {
    name: 'older-answer-overwrites-write',
    file: 'entries.ts',
    find: 'if (entry.call !== undefined) entry.isOvertaken = true',
    replace: 'if (entry.call === undefined) entry.isOvertaken = true',
    why: 'W6: an answer that was asked for before a local write overwrites it',
  },
  {
    name: 'removes-what-was-written-meanwhile',
    file: 'commit.ts',
    find: "reading.action === 'delete' && !entry.isOvertaken",
    replace: "reading.action === 'delete'",
    why: 'W6: a deletion at the source removes what was written meanwhile',
  },
  {
    name: 'resurrects-terminal',
    file: 'entries.ts',
    find: "if (entry.status === 'terminal' && !isTerminal) return undefined",
    replace: '',
    why: 'W7: an answer takes a terminal item back',
  },
  {
    name: 'syncs-what-is-in-a-call',
    file: 'refresh-plan.ts',
    find: 'if (call !== undefined || isDeleting) return false',
    replace: 'if (isDeleting) return false',
    why: 'S3: an item that is asked for is sent though a call with it runs',
  },
  {
    name: 'no-successor-waits',
    file: 'entries.ts',
    find: 'if (departed.has(id)) entry.call = OCCUPIED',
    replace: '',
    why: 'S3: an id that was deleted and created again is in two calls',
  },
  {
    name: 'no-backoff',
    file: 'policy/next-delay.ts',
    find: 'const grown = interval * backoff.factor ** (failures - 1)',
    replace: 'const grown = interval',
    why: 'F2: failures do not delay more and more',
  },
  {
    name: 'call-hangs-for-ever',
    file: 'refresh-loop.ts',
    find: 'if (call.deadline > moment.now) return',
    replace: 'return',
    why: 'T1: a call that hangs keeps its slot for ever',
  },
  {
    name: 'late-answer-counts',
    file: 'refresh-loop.ts',
    find: 'if (call.isOver) return\n    this.#calls.delete(call)',
    replace: 'this.#calls.delete(call)',
    why: 'T1: what comes after the timeout is applied',
  },
  {
    name: 'stop-applies-answers',
    file: 'refresh-loop.ts',
    find: 'if (call.isAborted) this.#release(call)\n      else',
    replace: '',
    why: 'L3: what aborted calls bring is applied',
  },
  {
    name: 'stop-does-not-abort',
    file: 'refresh-loop.ts',
    find: '      call.context.abort(reason)\n',
    replace: '',
    why: 'L3: the signals of running calls are not aborted',
  },
  {
    name: 'marked-item-is-synced',
    file: 'refresh-plan.ts',
    find: '    entry.cohort?.remove(entry)\n    this.removals.add',
    replace: '    if (due <= moment.now) return\n    entry.cohort?.remove(entry)\n    this.removals.add',
    why: 'W5: an item that waits for a slot when it is marked is refreshed once more',
  },
  {
    name: 'mark-outlives-its-item',
    file: 'commit.ts',
    find: "if (entry.status !== 'missing' && entry.isDeleting) this.#entries.remove(entry, 'delayed')",
    replace: '',
    why: 'W5: what is marked in a call is not removed when that settles',
  },
]
