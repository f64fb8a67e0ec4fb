import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/vue'
import { useQuery as useColadaQuery } from '@pinia/colada'
import { skipToken, useQuery, VueQueryPlugin } from '@tanstack/vue-query'
import {
  computed,
  createApp,
  defineComponent,
  h,
  onScopeDispose,
  onUpdated,
  shallowRef,
  type App,
  type Ref,
} from 'vue'
import { createCache } from '../competitors/auto-refresh.ts'
import { installColada } from '../competitors/colada.ts'
import { createBaseline } from '../competitors/baseline.ts'
import { optionsOf } from '../competitors/tanstack.ts'
import { INTERVAL, type Subject } from '../world/work.ts'
import type { Page, PageOptions, VuePageName } from './page.ts'

type Progress = Readonly<Ref<number | undefined>>

export const pages: Readonly<Record<VuePageName, Page>> = {
  baseline(options) {
    const { baseline, round } = createBaseline(options.world)
    mountRows(options, ({ id }) => {
      const progress = shallowRef(baseline.get(id)?.progress)
      onScopeDispose(
        baseline.subscribe(id, () => {
          progress.value = baseline.get(id)?.progress
        }),
      )
      return progress
    })
    baseline.poll(round)
  },
  'auto-refresh': (options) => pollRows(options, Infinity),
  'auto-refresh-four': (options) => pollRows(options, undefined),
  'auto-refresh-list'({ container, world, onRender, onCommit }) {
    const { subjects } = world
    const ids = subjects.map(({ id }) => id)
    const cache = createCache(world)
    for (const { id, job } of subjects) cache.getOrCreate(id, job)
    const List = defineComponent(() => {
      const list = useAutoRefreshItems(cache, ids)
      onUpdated(onCommit)
      return () => {
        onRender()
        return list.value.map(({ item }, index) => h('li', { key: index }, item?.progress))
      }
    })
    createApp(List).mount(container)
    cache.start()
  },
  tanstack(options) {
    const { subjects, backend } = options.world
    const { notifyOnChangeProps: _, ...common } = optionsOf(options.world)
    const sources = subjects.map(({ job }) => backend.source(job))
    const useProgress = ({ id, index, job }: Subject): Progress => {
      const { data } = useQuery({
        ...common,
        shallow: true,
        queryKey: [id],
        queryFn: sources[index] ?? skipToken,
        initialData: job,
        refetchInterval: INTERVAL,
      })
      return computed(() => data.value?.progress)
    }
    mountRows(options, useProgress, (app) => app.use(VueQueryPlugin))
  },
  colada(options) {
    const { subjects, backend } = options.world
    const sources = subjects.map(({ job }) => backend.source(job))
    const useProgress = ({ id, index, job }: Subject): Progress => {
      const { data } = useColadaQuery({
        key: [id],
        query: async () => (await sources[index]?.()) ?? job,
        staleTime: INTERVAL,
        autoRefetch: INTERVAL,
      })
      return computed(() => data.value?.progress)
    }
    mountRows(options, useProgress, installColada)
  },
}

/** @param concurrency calls at a time; undefined: the default */
function pollRows(options: PageOptions, concurrency: number | undefined): void {
  const { subjects } = options.world
  const cache = createCache(options.world, concurrency)
  for (const { id, job } of subjects) cache.getOrCreate(id, job)
  mountRows(options, ({ id }) => {
    const { item } = useAutoRefreshItem(cache, id)
    return computed(() => item.value?.progress)
  })
  cache.start()
}

/** @param useProgress the composable that returns a job's progress */
function mountRows(
  { container, world, onRender, onCommit }: PageOptions,
  useProgress: (subject: Subject) => Progress,
  install: (app: App) => App = (app) => app,
): void {
  const Row = defineComponent(
    ({ subject }: { readonly subject: Subject }) => {
      const progress = useProgress(subject)
      onUpdated(onCommit)
      return () => {
        onRender()
        return h('li', progress.value)
      }
    },
    { props: ['subject'] },
  )
  const List = defineComponent(
    () => () => world.subjects.map((subject) => h(Row, { key: subject.id, subject })),
  )
  install(createApp(List)).mount(container)
}
