import { create, windowScheduler } from '@yornaath/batshit'
import { QueryObserver } from '@tanstack/query-core'
import { createCache } from '../competitors/auto-refresh.ts'
import { createBaseline } from '../competitors/baseline.ts'
import { createClient, optionsOf } from '../competitors/tanstack.ts'
import type { Asked } from '../world/backend.ts'
import { createVirtualWorld } from '../world/world.ts'
import type { Subject, Work } from '../world/work.ts'
import type { Numbers } from './refresh.ts'

/** ms between the creation of two items. */
const STAGGER = 5
/** s */
const SETTLING = 5
const WATCHED = 20
/** ms for which the loader of TanStack's queries collects ids. */
const LOADER_WINDOW = 10

export type StaggeredName = 'baseline' | 'auto-refresh' | 'tanstack' | 'tanstack-loader'

type World = ReturnType<typeof createVirtualWorld>

/** Calls per second for items that were created 5 ms apart and have an interval of 1 s. */
export async function measureStaggered(name: StaggeredName, work: Work): Promise<Numbers> {
  const world = createVirtualWorld(work)
  const { time, backend } = world
  const add = adders[name](world)
  for (const subject of world.subjects) {
    add(subject)
    await time.advanceTo(time.now() + STAGGER)
  }
  await time.advanceTo(time.now() + SETTLING * 1000)
  const { calls, answered } = backend
  await time.advanceTo(time.now() + WATCHED * 1000)
  return {
    calls: (backend.calls - calls) / WATCHED,
    refreshes: (backend.answered - answered) / WATCHED,
  }
}

const adders: Readonly<Record<StaggeredName, (world: World) => (subject: Subject) => void>> = {
  baseline(world) {
    const { baseline, round } = createBaseline({ ...world, subjects: [] })
    baseline.poll(round)
    return ({ id, job }) => baseline.set(id, job)
  },
  'auto-refresh'(world) {
    const cache = createCache(world).start()
    return ({ id, job }) => {
      cache.getOrCreate(id, job)
    }
  },
  tanstack(world) {
    const client = createClient()
    const common = optionsOf(world)
    return ({ id, job, interval }) => {
      const queryFn = world.backend.source(job)
      new QueryObserver(client, { ...common, queryKey: [id], queryFn, refetchInterval: interval }).subscribe(
        () => {},
      )
    }
  },
  'tanstack-loader'(world) {
    const client = createClient()
    const common = optionsOf(world)
    const loader = create({
      fetcher: (asked: Asked[]) => world.backend.answer(asked),
      resolver: (answers, { id }): unknown => answers.find((answer) => answer.id === id)?.item,
      scheduler: windowScheduler(LOADER_WINDOW),
    })
    return ({ id, job, interval }) => {
      const queryFn = (): Promise<unknown> => loader.fetch({ id, item: job })
      new QueryObserver(client, { ...common, queryKey: [id], queryFn, refetchInterval: interval }).subscribe(
        () => {},
      )
    }
  },
}
