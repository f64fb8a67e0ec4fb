import { type Planted } from './planted.ts'

/** Of peers. */
export const ofPeers: readonly Planted[] = [
  {
    name: 'listener-throw-ends-flush',
    file: 'observe/listeners.ts',
    find: 'report(error)',
    replace: 'report(error)\n        return',
    why: 'O2, F7: a listener that throws keeps the others from being told',
  },
  {
    name: 'throw-not-reported',
    file: 'observe/listeners.ts',
    find: 'report(error)',
    replace: '',
    why: 'F7: what a listener throws is lost',
  },
  {
    name: 'long-delay-fires-at-once',
    file: 'schedule/scheduler.ts',
    find: 'const LONGEST_DELAY = 2 ** 31 - 1',
    replace: 'const LONGEST_DELAY = 2 ** 31',
    why: 'S10: one ms more than timers can',
  },
  {
    name: 'reads-wall-clock-as-monotonic',
    file: 'lifecycle.ts',
    find: 'if (ahead > SLEEP) synchronize(ahead)',
    replace: 'void ahead',
    why: 'T2: a sleep is not noticed',
  },
  {
    name: 'sleep-found-for-nothing',
    file: 'lifecycle.ts',
    find: 'const SLEEP = 30_000',
    replace: 'const SLEEP = 500',
    why: 'T2: a correction of the wall clock is taken for a sleep',
  },
  {
    name: 'polls-while-hidden',
    file: 'dispatch/gate.ts',
    find: '(refreshWhenHidden || guard(() => environment.isVisible(), true)) &&',
    replace: '',
    why: 'T3: a hidden page refreshes',
  },
  {
    name: 'nothing-on-return',
    file: 'lifecycle.ts',
    find: 'gate.look()\n    soon()\n  }\n\n  /** After a sleep',
    replace: '}\n\n  /** After a sleep',
    why: 'T3: what is overdue waits when the page comes back',
  },
  {
    name: 'told-after-leaving',
    file: 'observe/listeners.ts',
    find: "if (subscription.state !== 'pending') continue",
    replace: '',
    why: 'O2: a listener is told after its unsubscribe has returned',
  },
]
