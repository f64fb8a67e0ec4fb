import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { busy } from './faulty-source.ts'
import { after, failed, manyIds, outcomeOf } from './scheduling.ts'
import { done, isTerminal, running, unchanged, world, type Job, type World } from './world.ts'

const ids = manyIds(12)
const concurrency = 3
const timeout = 2000

type Step =
  | { readonly do: 'poison' | 'heal' | 'quota' | 'limit' | 'slow'; readonly id: string }
  | {
      readonly do: 'create' | 'delete' | 'mark' | 'end' | 'reopen' | 'refresh' | 'push' | 'pushFail'
      readonly id: string
    }
  | {
      readonly do:
        | 'down'
        | 'up'
        | 'busy'
        | 'hide'
        | 'show'
        | 'drop'
        | 'connect'
        | 'stop'
        | 'start'
        | 'pause'
        | 'resume'
    }
  | { readonly do: 'advance'; readonly ms: number }

const id = fc.constantFrom(...ids)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('poison', 'heal', 'quota', 'limit', 'slow'), id }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('create', 'delete', 'mark', 'end', 'reopen', 'refresh', 'push', 'pushFail'),
      id,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'down',
        'up',
        'busy',
        'hide',
        'show',
        'drop',
        'connect',
        'stop',
        'start',
        'pause',
        'resume',
      ),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({ do: fc.constant('advance'), ms: fc.constantFrom(0, 10, 300, 1000, 5000, 70_000) }),
  },
)

/** A source that fails in every way, and the checks at every call. */
function scene(batchSize: number, interval: number) {
  const kinds = new Map<string, 'poison' | 'quota' | 'limit' | 'slow'>()
  const source = { isDown: false, error: new Error('down') }
  const wrong: string[] = []
  /** Timers of the source itself. */
  let timers = 0
  const open = new Set<{
    readonly call: number
    readonly at: number
    readonly ids: string[]
    readonly isRetry: boolean
  }>()
  const failedLast = new Set<string>()
  const w: World<Job> = world({
    batchSize,
    concurrency,
    interval,
    timeout,
    isTerminal,
    answer: async (batch, call) => {
      const isRetry = call.ids.some((one) => failedLast.has(one))
      if (isRetry && !call.ids.every((one) => failedLast.has(one)))
        wrong.push(`failed and healthy: ${call.ids.join(' ')}`)
      const entry = { call: w.calls.length, at: call.at, ids: call.ids, isRetry }
      const others = [...open].filter(({ at }) => call.at < at + timeout)
      if (others.some((other) => other.ids.some((one) => call.ids.includes(one)))) wrong.push('an id twice')
      if (others.length >= concurrency) wrong.push('too many calls')
      if (isRetry && others.filter((other) => other.isRetry).length >= concurrency - 1)
        wrong.push('too many retry calls')
      open.add(entry)
      const has = (kind: string): boolean => call.ids.some((one) => kinds.get(one) === kind)
      const error = source.isDown
        ? source.error
        : has('limit')
          ? busy(9000)
          : has('poison')
            ? new Error('500')
            : undefined
      timers += 1
      await after(w.clock, has('slow') ? 9000 : 50, undefined)
      timers -= 1
      open.delete(entry)
      if (error !== undefined) throw error
      return unchanged(batch).map((one) => (kinds.get(one.id) === 'quota' ? failed(one.id) : one))
    },
  })
  const generations = new Map<string, number>()
  const started = new Map<number, (number | undefined)[]>()
  w.cache.onEvent((event) => {
    if (event.type === 'created') generations.set(event.id, (generations.get(event.id) ?? 0) + 1)
    if (event.type === 'deleted' || event.type === 'created') failedLast.delete(event.id)
    if (event.type === 'sync-started')
      started.set(
        event.call,
        event.ids.map((one) => generations.get(one)),
      )
    if (event.type !== 'sync-settled') return
    const { signal } = w.calls[event.call - 1] ?? {}
    for (const entry of open) if (entry.call === event.call) open.delete(entry)
    if (
      signal?.aborted === true &&
      !(signal.reason instanceof Error && signal.reason.name === 'TimeoutError')
    )
      return
    for (const [nth, one] of event.ids.entries()) {
      if (generations.get(one) !== started.get(event.call)?.[nth]) continue
      if ('error' in event) failedLast.add(one)
      else failedLast.delete(one)
    }
  })
  return { ...w, kinds, source, wrong, cacheTimers: () => w.clock.timers - timers }
}

type Scene = ReturnType<typeof scene>

async function run({ cache, clock, environment, kinds, source }: Scene, one: Step): Promise<void> {
  if (one.do === 'poison' || one.do === 'quota' || one.do === 'limit' || one.do === 'slow')
    kinds.set(one.id, one.do)
  else if (one.do === 'heal') kinds.delete(one.id)
  else if (one.do === 'create') cache.getOrCreate(one.id, running())
  else if (one.do === 'delete') cache.delete(one.id)
  else if (one.do === 'mark') cache.deleteDelayed(one.id)
  else if (one.do === 'end') cache.update(one.id, done())
  else if (one.do === 'reopen') cache.update(one.id, running())
  else if (one.do === 'refresh') outcomeOf(cache.refresh(one.id))
  else if (one.do === 'push') cache.ingest([{ id: one.id, item: running(1) }])
  else if (one.do === 'pushFail') cache.ingest([failed(one.id)])
  else if (one.do === 'down' || one.do === 'busy') {
    source.isDown = true
    source.error = one.do === 'busy' ? busy(9000) : new Error('down')
  } else if (one.do === 'up') source.isDown = false
  else if (one.do === 'hide' || one.do === 'show') environment.setVisible(one.do === 'show')
  else if (one.do === 'drop' || one.do === 'connect') environment.setOnline(one.do === 'connect')
  else if (one.do === 'stop') {
    const stopped = cache.stop()
    await clock.advance(2100)
    await stopped
  } else if (one.do === 'start') cache.start()
  else if (one.do === 'pause') cache.pause()
  else if (one.do === 'resume') cache.resume()
  else if (one.do === 'advance') await clock.advance(one.ms)
}

describe('whatever fails', () => {
  it('F16, Bounds: when all is healed, all is fresh within 1.25 maxDelay and 2 s per item', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }),
        fc.constantFrom(1, 4, 100),
        fc.constantFrom(800, 20_000, 90_000),
        async (steps, batchSize, interval) => {
          const all = scene(batchSize, interval)
          const { cache, clock, environment, kinds, source, wrong } = all
          cache.start()
          for (const one of ids) cache.getOrCreate(one, running())
          for (const one of steps) {
            await run(all, one)
            expect(all.cacheTimers()).toBeLessThanOrEqual(1)
          }
          kinds.clear()
          source.isDown = false
          environment.setVisible(true)
          environment.setOnline(true)
          cache.resume()
          cache.start()
          const from = clock.epoch()
          await clock.advance(Math.max(75_000, interval * 1.1) + 24_000 + 9000)
          const snapshots = [...cache.ids()].map((one) => [one, cache.getSnapshot(one)] as const)
          const stale = snapshots.filter(
            ([, { status, error, refreshedAt }]) =>
              status === 'active' && (error !== undefined || (refreshedAt ?? 0) < from),
          )
          expect(stale).toEqual([])
          expect(cache.getStatus().isOutage).toBe(false)
          expect(wrong).toEqual([])
        },
      ),
      { numRuns: 60 },
    )
  })
})
