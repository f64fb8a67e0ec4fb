import { loadCompetitor, type CompetitorName } from './competitors/index.ts'
import type { AccessName } from './measures/access.ts'
import type { ListMeasure } from './measures/list.ts'
import type { Numbers } from './measures/refresh.ts'
import type { ProgramName } from './measures/size.ts'
import type { StaggeredName } from './measures/staggered.ts'
import { PAGES, type Framework } from './pages/page.ts'
import type { Work } from './world/work.ts'
import type { Competitor } from './world/world.ts'

/** One figure: a competitor with some work, measured in fresh processes. */
export interface Cell {
  /** `measure/competitor/work`. */
  readonly id: string
  readonly competitor: string
  /** Measures one turn. Called in a process of its own. */
  readonly run: () => Promise<Numbers>
  readonly turns: number
  /** True if the figure is part of the quick run. */
  readonly isQuick: boolean
}

const TURNS = 5
/** Number of turns of figures that take many seconds each. */
const FEW = { turns: 2 }

/** The default variant of a figure. */
const USUAL: Work = {
  items: 10_000,
  changed: 0.01,
  answers: 'same',
  intervals: 'one',
  observed: true,
  together: false,
}

export type Variant = Partial<Work>

/** The name of a figure, by which the report finds it. */
export function idOf(measure: string, competitor: string, variant: Variant = {}): string {
  return [measure, competitor, ...Object.values({ ...USUAL, ...variant }).map(String)].join('/')
}

function cell(
  measure: string,
  competitor: string,
  variant: Variant,
  run: (work: Work) => Promise<Numbers>,
  more: Partial<Cell> = {},
): Cell {
  const work = { ...USUAL, ...variant }
  const id = idOf(measure, competitor, variant)
  return { id, competitor, turns: TURNS, isQuick: false, run: () => run(work), ...more }
}

type Measure = (competitor: Competitor, work: Work) => Promise<Numbers>

const MEASURES = {
  refresh: async () => (await import('./measures/refresh.ts')).measureRefresh,
  heap: async () => (await import('./measures/heap.ts')).measureHeap,
  calls: async () => (await import('./measures/calls.ts')).measureCalls,
  block: async () => (await import('./measures/block.ts')).measureBlock,
} satisfies Record<string, () => Promise<Measure>>

function contest(
  measure: keyof typeof MEASURES,
  competitors: readonly CompetitorName[],
  variant: Variant,
  more: Partial<Cell> = {},
): Cell[] {
  return competitors.map((name) => {
    const run = async (work: Work): Promise<Numbers> => {
      const competitor = await loadCompetitor(name)
      return (await MEASURES[measure]())(competitor, work)
    }
    return cell(measure, name, variant, run, more)
  })
}

const BY_HAND: readonly CompetitorName[] = ['baseline', 'naive', 'auto-refresh']
const TANSTACK: readonly CompetitorName[] = ['tanstack-list', 'tanstack']
const FIVE = [...BY_HAND, ...TANSTACK]
/** Apollo takes too long above 100 items, and RTK Query above 1,000. */
const UP_TO_1000: readonly CompetitorName[] = [...FIVE, 'colada', 'rtk-query']
const ALL: readonly CompetitorName[] = [...UP_TO_1000, 'apollo']
const LIBRARY_AND_FLOOR: readonly CompetitorName[] = ['baseline', 'auto-refresh']
const QUICK = { isQuick: true }

function refreshes(): Cell[] {
  return [
    ...contest('refresh', FIVE, {}, QUICK),
    ...contest('refresh', FIVE, { answers: 'fresh' }, QUICK),
    ...contest('refresh', LIBRARY_AND_FLOOR, { changed: 1 }),
    ...contest('refresh', FIVE, { changed: 1, answers: 'fresh' }),
    ...contest('refresh', ['colada'], {}),
    ...contest('refresh', ['colada'], { answers: 'fresh' }),
    ...contest('refresh', ALL, { items: 100 }),
    ...contest('refresh', LIBRARY_AND_FLOOR, { items: 100, changed: 1 }),
    ...contest('refresh', [...FIVE, 'colada'], { items: 1000 }),
    ...contest('refresh', LIBRARY_AND_FLOOR, { items: 1000, answers: 'fresh', together: true }),
    ...contest('refresh', ['rtk-query'], { items: 1000 }, FEW),
    ...contest('refresh', LIBRARY_AND_FLOOR, { items: 1000, changed: 1 }),
    ...contest('refresh', [...BY_HAND, 'tanstack-list'], { items: 100_000 }),
    ...contest('refresh', LIBRARY_AND_FLOOR, { items: 100_000, changed: 1 }),
    ...contest('refresh', LIBRARY_AND_FLOOR, { items: 100_000, answers: 'fresh' }),
    ...contest('refresh', ['tanstack'], { items: 100_000 }, FEW),
    ...contest('refresh', LIBRARY_AND_FLOOR, { items: 1_000_000 }),
    ...contest('refresh', ['naive', 'auto-refresh'], { intervals: 'random' }, QUICK),
  ]
}

function wakeUps(): Cell[] {
  return [1000, 1_000_000].map((items) =>
    cell(
      'wake-up',
      'auto-refresh',
      { items, changed: 1 },
      async (work) => (await import('./measures/wake-up.ts')).measureWakeUp(work),
      QUICK,
    ),
  )
}

function staggered(): Cell[] {
  const names: readonly StaggeredName[] = ['baseline', 'auto-refresh', 'tanstack', 'tanstack-loader']
  return names.map((name) =>
    cell(
      'staggered',
      name,
      { items: 200 },
      async (work) => (await import('./measures/staggered.ts')).measureStaggered(name, work),
      { turns: 1, isQuick: true },
    ),
  )
}

function accesses(): Cell[] {
  const names: readonly AccessName[] = ['baseline', 'auto-refresh', 'tanstack']
  return names.map((name) =>
    cell(
      'access',
      name,
      {},
      async (work) => (await import('./measures/access.ts')).measureAccess(name, work),
      QUICK,
    ),
  )
}

function pages(framework: Framework): Cell[] {
  const shares = [0.01, 1] as const
  return shares.flatMap((changed) =>
    Object.keys(PAGES[framework]).map((name) =>
      cell(
        framework,
        name,
        { items: 1000, answers: 'fresh', changed, together: true },
        async (work) => (await import('./measures/page.ts')).measurePage(framework, name, work),
        { isQuick: name === 'baseline' || name === 'auto-refresh' },
      ),
    ),
  )
}

export const LIST_NAMES: readonly ListMeasure[] = [
  'React, one batch',
  'React, batches',
  'Vue, one batch',
  'Vue, batches',
  'copies alone',
]

function lists(): Cell[] {
  return ([0.01, 1] as const).flatMap((changed) =>
    LIST_NAMES.map((name) =>
      cell('list', name, { items: 20_000, answers: 'fresh', changed, together: true }, async (work) =>
        (await import('./measures/list.ts')).measureList(name, work),
      ),
    ),
  )
}

export const PROGRAM_NAMES: readonly ProgramName[] = [
  'auto-refresh',
  'auto-refresh, React adapter',
  'auto-refresh, Vue adapter',
  'auto-refresh, Preact adapter',
  'auto-refresh with React',
  'SWR',
  'query-core',
  'react-query',
  'Colada with auto-refetch',
  'RTK Query',
  'Apollo',
]

function sizes(): Cell[] {
  return PROGRAM_NAMES.map((name) =>
    cell('size', name, {}, async () => (await import('./measures/size.ts')).measureSize(name), {
      turns: 1,
      isQuick: true,
    }),
  )
}

/** All figures. Neighbours are measured in turns. */
export function plan(): readonly (readonly Cell[])[] {
  const once = { turns: 1, isQuick: true }
  return [
    refreshes(),
    wakeUps(),
    [
      ...contest('heap', [...FIVE, 'colada'], {}),
      ...contest('heap', BY_HAND, { observed: false }),
      ...contest('heap', LIBRARY_AND_FLOOR, { observed: true, answers: 'fresh' }),
    ],
    contest('heap', ['rtk-query'], { items: 1000 }),
    contest('calls', UP_TO_1000, { items: 1000 }, once),
    staggered(),
    [
      ...contest('block', FIVE, { together: true }),
      ...contest('block', [...BY_HAND, 'tanstack-list'], { items: 100_000, together: true }),
      ...contest('block', ['tanstack'], { items: 100_000, together: true }, FEW),
    ],
    accesses(),
    pages('react'),
    pages('vue'),
    pages('query'),
    lists(),
    sizes(),
  ]
}
