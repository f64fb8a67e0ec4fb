import type { Figures } from './figures.ts'
import type { Variant } from './plan.ts'

export interface Goal {
  /** Key of the reason in `reasons.json`, if the goal is missed. */
  readonly id: string
  readonly text: string
  /** Returns the measured value. */
  readonly value: (figures: Figures) => number
  readonly atMost?: number
  readonly atLeast?: number
}

/** Flyte's cache, refreshing 10,000 items in batches of 100 on the same machine (2026-11-22): CPU µs an item. Not measured again here. */
const GO_ORIGINAL = 1.4

const FRESH: Variant = { answers: 'fresh' }
const MILLION: Variant = { items: 1_000_000 }
const TOGETHER: Variant = { together: true }
const THOUSAND: Variant = { items: 1000 }

/** CPU µs per refreshed item. */
function refresh(figures: Figures, competitor: string, variant: Variant = {}): number {
  return figures.median('refresh', competitor, variant, 'microseconds')
}

function heap(figures: Figures, variant: Variant): number {
  return figures.median('heap', 'auto-refresh', variant, 'bytes')
}

function size(figures: Figures, name: string): number {
  return figures.median('size', name, {}, 'bytes') / 1000
}

/** The library's figure divided by the baseline's. */
function besideBaseline(figures: Figures, measure: string, variant: Variant, value: string): number {
  return (
    figures.median(measure, 'auto-refresh', variant, value) /
    figures.median(measure, 'baseline', variant, value)
  )
}

function pageGoals(framework: 'react' | 'vue', title: string): Goal[] {
  const shares = [
    ['1 %', 0.01, 1.5],
    ['all', 1, 2],
  ] as const
  return shares.flatMap(([text, changed, atMost]): Goal[] => {
    const variant: Variant = { items: 1000, answers: 'fresh', changed, together: true }
    return [
      {
        id: `${framework}-${changed}`,
        text: `CPU of a round of 1,000 rows in ${title}, ${text} changed, beside the baseline`,
        value: (figures) => besideBaseline(figures, framework, variant, 'milliseconds'),
        atMost,
      },
      {
        id: `${framework}-commits-${changed}`,
        text: `commits a round of 1,000 rows in ${title}, ${text} changed`,
        value: (figures) => figures.median(framework, 'auto-refresh', variant, 'commits'),
        atMost: 1,
      },
    ]
  })
}

function listGoals(framework: 'React' | 'Vue'): Goal[] {
  const cpu = (figures: Figures, changed: 0.01 | 1, batches: string): number => {
    const variant: Variant = { items: 20_000, answers: 'fresh', changed, together: true }
    return figures.median('list', `${framework}, ${batches}`, variant, 'milliseconds')
  }
  return [
    {
      id: `list-${framework}-1`,
      text: `CPU of a list of 20,000 in ${framework}, all changed, in batches of 100, beside one batch`,
      value: (figures) => cpu(figures, 1, 'batches') / cpu(figures, 1, 'one batch'),
      atMost: 2,
    },
    {
      id: `list-${framework}-0.01`,
      text: `the same, 1 % changed: ms a batch more than in one batch`,
      value: (figures) => (cpu(figures, 0.01, 'batches') - cpu(figures, 0.01, 'one batch')) / 200,
      atMost: 0.2,
    },
  ]
}

export const GOALS: readonly Goal[] = [
  {
    id: 'refresh',
    text: 'CPU an item at 10,000, `Object.is`, beside the baseline',
    value: (figures) => besideBaseline(figures, 'refresh', {}, 'microseconds'),
    atMost: 2,
  },
  {
    id: 'refresh-deep',
    text: 'CPU an item at 10,000, deep equality of fresh answers, beside the baseline that compares by hand',
    value: (figures) => besideBaseline(figures, 'refresh', FRESH, 'microseconds'),
    atMost: 3.5,
  },
  {
    id: 'tanstack',
    text: 'CPU an item at 10,000: how much less than TanStack, same objects',
    value: (figures) => refresh(figures, 'tanstack') / refresh(figures, 'auto-refresh'),
    atLeast: 100,
  },
  {
    id: 'tanstack-deep',
    text: 'CPU an item at 10,000: how much less than TanStack, fresh answers',
    value: (figures) => refresh(figures, 'tanstack', FRESH) / refresh(figures, 'auto-refresh', FRESH),
    atLeast: 100,
  },
  {
    id: 'go',
    text: `CPU an item at 10,000: how much less than the Go original in batches of 100 (${GO_ORIGINAL} µs, measured before, not here)`,
    value: (figures) => GO_ORIGINAL / refresh(figures, 'auto-refresh'),
    atLeast: 4,
  },
  {
    id: 'million',
    text: 'CPU an item at 1,000,000, beside 10,000',
    value: (figures) => refresh(figures, 'auto-refresh', MILLION) / refresh(figures, 'auto-refresh'),
    atMost: 2.5,
  },
  {
    id: 'random',
    text: 'CPU an item with random intervals of 1 to 60 s, beside one interval',
    value: (figures) =>
      refresh(figures, 'auto-refresh', { intervals: 'random' }) / refresh(figures, 'auto-refresh'),
    atMost: 4,
  },
  {
    id: 'wake-up',
    text: 'CPU of a wake-up that refreshes 100, with 1,000,000 waiting, beside 1,000 waiting',
    value: (figures) =>
      figures.median('wake-up', 'auto-refresh', { ...MILLION, changed: 1 }, 'microseconds') /
      figures.median('wake-up', 'auto-refresh', { ...THOUSAND, changed: 1 }, 'microseconds'),
    atMost: 1.5,
  },
  {
    id: 'heap-idle',
    text: 'heap bytes an item at 10,000 without a subscriber',
    value: (figures) => heap(figures, { observed: false }),
    atMost: 218,
  },
  {
    id: 'heap',
    text: 'heap bytes an item at 10,000 with a subscriber',
    value: (figures) => heap(figures, {}),
    atMost: 360,
  },
  {
    id: 'timers',
    text: 'live timers at 1,000',
    value: (figures) => figures.median('calls', 'auto-refresh', THOUSAND, 'timers'),
    atMost: 1,
  },
  {
    id: 'calls',
    text: 'calls a round at 1,000, in batches of 100',
    value: (figures) => figures.median('calls', 'auto-refresh', THOUSAND, 'calls'),
    atMost: 10,
  },
  {
    id: 'staggered',
    text: 'calls a second for 200 items created 5 ms apart, interval 1 s',
    value: (figures) => figures.median('staggered', 'auto-refresh', { items: 200 }, 'calls'),
    atMost: 2,
  },
  {
    id: 'block',
    text: 'longest block of the main thread at 10,000, ms',
    value: (figures) => figures.median('block', 'auto-refresh', TOGETHER, 'milliseconds'),
    atMost: 5,
  },
  {
    id: 'block-100000',
    text: 'longest block of the main thread at 100,000, ms',
    value: (figures) =>
      figures.median('block', 'auto-refresh', { ...TOGETHER, items: 100_000 }, 'milliseconds'),
    atMost: 10,
  },
  {
    id: 'read',
    text: 'a read, beside the baseline',
    value: (figures) => besideBaseline(figures, 'access', {}, 'read'),
    atMost: 1.5,
  },
  {
    id: 'subscribe',
    text: 'a subscription and its end, beside the baseline',
    value: (figures) => besideBaseline(figures, 'access', {}, 'subscribe'),
    atMost: 2,
  },
  ...pageGoals('react', 'React'),
  ...pageGoals('vue', 'Vue'),
  ...listGoals('React'),
  ...listGoals('Vue'),
  {
    id: 'size',
    text: '`InMemoryAutoRefresh`, kB',
    value: (figures) => size(figures, 'auto-refresh'),
    atMost: 12,
  },
  {
    id: 'size-adapter',
    text: 'the largest adapter, kB',
    value: (figures) =>
      Math.max(...['React', 'Vue', 'Preact'].map((name) => size(figures, `auto-refresh, ${name} adapter`))),
    atMost: 0.8,
  },
  {
    id: 'size-together',
    text: 'both together in React, kB',
    value: (figures) => size(figures, 'auto-refresh with React'),
    atMost: 10,
  },
]

export function isMet({ atMost = Infinity, atLeast = -Infinity }: Goal, value: number): boolean {
  return value <= atMost && value >= atLeast
}
