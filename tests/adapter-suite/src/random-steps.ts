import fc from 'fast-check'
import { LISTED, type Row } from './page.ts'

const id = fc.constantFrom(LISTED, 'b')
const nth = fc.nat(99)
const hook = fc.constantFrom<Row['hook']>('item', 'activity', 'select', 'list')
const rarely = fc.nat(7).map((roll) => roll === 0)

export const mount = fc.record({
  do: fc.constant('mount' as const),
  id,
  hook,
  isDisabled: rarely,
  isWaiting: rarely,
})
const write = fc.record({ do: fc.constant('write' as const), id, isDone: rarely })
const change = fc.oneof(
  { weight: 2, arbitrary: mount },
  { weight: 4, arbitrary: write },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('create' as const, 'delete' as const, 'recreate' as const),
      id,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(1500) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hide' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('redraw' as const), nth }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'unmount' as const,
        'enable' as const,
        'move' as const,
        'wait' as const,
        'arrive' as const,
      ),
      nth,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('follow' as const), nth, id }) },
)
export type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never

export const step = fc.record({
  change,
  urgency: fc.constantFrom('normal' as const, 'sync' as const, 'transition' as const, 'deferred' as const),
  /** Amount of work that the framework completes before the next step. */
  units: fc.nat(4),
  isSettled: rarely,
})
export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never
