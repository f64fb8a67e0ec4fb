import { type Planted } from './planted.ts'

/** Of the Go original. */
export const ofTheOriginal: readonly Planted[] = [
  {
    name: 'older-answer-overwrites-write',
    file: 'entries.ts',
    find: '      overtake(entry)\n      replace(entry, item, at)',
    replace: '      replace(entry, item, at)',
    why: 'W6: an answer that was asked for before a local write overwrites it',
  },
  {
    name: 'removes-what-was-written-meanwhile',
    file: 'commit.ts',
    find: "    if (!isOvertaken(entry, call)) {\n      if (action === 'delete') {\n        entries.remove(entry, 'gone')\n        return undefined\n      }",
    replace:
      "    if (action === 'delete') {\n      entries.remove(entry, 'gone')\n      return undefined\n    }\n    if (!isOvertaken(entry, call)) {",
    why: 'W6: a deletion at the source removes what was written meanwhile',
  },
  {
    name: 'resurrects-terminal',
    file: 'entries.ts',
    find: "if (!isEqual && entry.status === 'terminal' && !isOver) return undefined",
    replace: '',
    why: 'W7: an answer takes a terminal item back',
  },
  {
    name: 'syncs-what-is-in-a-call',
    file: 'refresh-plan.ts',
    find: 'if (call !== undefined || isDeleting) return\n',
    replace: 'if (isDeleting) return\n',
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
    find: 'if (call.deadline > now) return',
    replace: 'return',
    why: 'T1: a call that hangs keeps its slot for ever',
  },
  {
    name: 'late-answer-counts',
    file: 'refresh-loop.ts',
    find: 'if (!calls.delete(call)) return',
    replace: 'calls.delete(call)',
    why: 'T1: what comes after the timeout is applied',
  },
  {
    name: 'stop-applies-answers',
    file: 'refresh-loop.ts',
    find: 'if (!call.isAborted) commit.settle(call, result)',
    replace: 'commit.settle(call, result)',
    why: 'L3: what aborted calls bring is applied',
  },
  {
    name: 'stop-does-not-abort',
    file: 'refresh-loop.ts',
    find: '      for (const call of aborted) call.abort(reason)\n',
    replace: '',
    why: 'L3: the signals of running calls are not aborted',
  },
  {
    name: 'marked-item-is-synced',
    file: 'refresh-plan.ts',
    find: '      entry.cohort?.remove(entry)\n      removals.plan(',
    replace: '      if (at <= moment.now) return\n      entry.cohort?.remove(entry)\n      removals.plan(',
    why: 'W5: an item that waits for a slot when it is marked is refreshed once more',
  },
  {
    name: 'mark-outlives-its-item',
    file: 'commit.ts',
    find: "    if (entry.isDeleting) entries.remove(entry, 'delayed')\n",
    replace: '',
    why: 'W5: what is marked in a call is not removed when that settles',
  },
]
