import { expiry, rateLimit, type Batch, type SyncResponse } from '@auto-refresh/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failed, outcomeOf, timesOf, untyped, type Outcome } from './scheduling.ts'
import { done, running, unchanged, world, type Job, type SyncCall, type World } from './world.ts'

/** Behaviour of the source in a call, and actions of the application meanwhile. */
type Answer =
  | 'ok'
  | 'later'
  | 'never'
  | 'throw'
  | 'reject'
  | 'fail'
  | 'gone'
  | 'nonsense'
  | 'stop'
  | 'delete'
  | 'no array'
type Step =
  | {
      readonly do: 'create' | 'pend' | 'delete' | 'mark' | 'refresh' | 'update' | 'end' | 'push' | 'watch'
      readonly id: string
    }
  | { readonly do: 'answer'; readonly nth: number }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'hide' | 'show' | 'pause' | 'resume' | 'stop' | 'start' | 'unwatch' | 'sleep' }

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const answers = fc.array(
  fc.constantFrom<Answer>(
    'ok',
    'ok',
    'later',
    'never',
    'throw',
    'reject',
    'reject',
    'fail',
    'gone',
    'nonsense',
    'stop',
    'delete',
    'no array',
  ),
  { minLength: 1, maxLength: 12, size: 'max' },
)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'create',
        'create',
        'pend',
        'delete',
        'mark',
        'refresh',
        'update',
        'end',
        'push',
        'watch',
      ),
      id,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer'), nth: fc.nat(3) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('advance'), ms: fc.integer({ min: 0, max: 2500 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('hide', 'show', 'pause', 'resume', 'stop', 'start', 'unwatch', 'sleep'),
    }),
  },
)

const options = fc.record({
  concurrency: fc.integer({ min: 1, max: 3 }),
  batchSize: fc.integer({ min: 1, max: 4 }),
  batchWindow: fc.constantFrom(0, 0, 40),
  syncOnCreate: fc.boolean(),
  missing: fc.constantFrom('unchanged', 'fail'),
  gcTime: fc.constantFrom(300_000, 1500),
})

const lifetimes = fc.record({
  maxAge: fc.constantFrom(Infinity, Infinity, 9000),
  terminalTtl: fc.constantFrom(Infinity, 2000),
})
const rate = fc.constantFrom(undefined, { calls: 3, per: 1000 }, { calls: 1, per: 300, burst: 1 })

const timeout = 700

function* iterable({ ids }: SyncCall<Job>): Generator<{ id: string; item: Job }> {
  for (const one of ids) yield { id: one, item: running(1) }
}

/** Answers of a source that is well: items without a value get one. */
const well = (batch: Batch<Job>): SyncResponse<Job>[] =>
  batch.map((entry) =>
    entry.item === undefined ? { id: entry.id, item: running() } : { id: entry.id, action: 'unchanged' },
  )

function chaotic(given: Partial<Parameters<typeof world<Job>>[0]>, plan: readonly Answer[]) {
  const wrong: string[] = []
  const settled = new Set<SyncCall<Job>>()
  const pending: Outcome[] = []
  const state = { calm: false, next: 0 }
  const w: World<Job> = world({
    timeout,
    isTerminal: (job) => job.done,
    retry: { maxDelay: 4000 },
    ...given,
    answer: (batch, call) => {
      const ids = live().flatMap((one) => one.ids)
      if (live().length > (given?.concurrency ?? 4)) wrong.push('more calls than slots')
      if (new Set(ids).size < ids.length) wrong.push(`an id in two calls: ${ids.join(' ')}`)
      if (call.ids.length === 0) wrong.push('an empty call')
      for (const entry of batch) {
        if (w.cache.get(entry.id) !== entry.item) wrong.push(`${entry.id} was sent as it was before`)
      }
      if (state.calm) return settle(call, well(batch))
      state.next += 1
      const kind = plan[state.next % plan.length]
      if (kind === 'later' || kind === 'never') return 'wait'
      if (kind === 'throw') {
        settled.add(call)
        throw new Error('thrown')
      }
      if (kind === 'reject') return settle(call, Promise.reject(new Error('rejected')))
      if (kind === 'fail')
        return settle(
          call,
          batch.map((entry) => failed(entry.id)),
        )
      if (kind === 'gone')
        return settle(
          call,
          batch.map((entry) => ({ id: entry.id, action: 'delete' })),
        )
      if (kind === 'nonsense') return settle(call, untyped([null, { id: batch[0]?.id }]))
      if (kind === 'stop') void w.cache.stop()
      if (kind === 'delete') for (const entry of batch) w.cache.delete(entry.id)
      if (kind === 'no array') return settle(call, untyped(iterable(call)))
      return settle(call, unchanged(batch))
    },
  })
  function settle<Value>(call: SyncCall<Job>, value: Value): Value {
    settled.add(call)
    return value
  }
  const live = (): SyncCall<Job>[] =>
    w.calls.filter((call) => !settled.has(call) && call.at + timeout > w.clock.now())
  return { w, wrong, settled, live, pending, state }
}

describe('whatever happens', () => {
  it('S3, S4, S6, L5: nothing is sent twice, too often, or as it was; in the end all is fresh', async () => {
    await fc.assert(
      fc.asyncProperty(
        options,
        lifetimes,
        rate,
        answers,
        fc.array(step, { minLength: 20, maxLength: 80, size: 'max' }),
        async (given, ages, limit, plan, steps) => {
          const policies = [expiry(ages), ...(limit === undefined ? [] : [rateLimit(limit)])]
          const { w, wrong, settled, live, pending, state } = chaotic({ ...given, policies }, plan)
          const leave: (() => void)[] = []
          let sleptAt = -Infinity
          w.cache.start()
          for (const one of steps) {
            if (one.do === 'create') w.cache.getOrCreate(one.id, running())
            else if (one.do === 'pend') w.cache.getOrCreate(one.id)
            else if (one.do === 'delete') w.cache.delete(one.id)
            else if (one.do === 'mark') w.cache.deleteDelayed(one.id)
            else if (one.do === 'refresh') pending.push(outcomeOf(w.cache.refresh(one.id)))
            else if (one.do === 'update') w.cache.update(one.id, running(w.clock.now()))
            else if (one.do === 'end') w.cache.update(one.id, done())
            else if (one.do === 'push') w.cache.ingest([{ id: one.id, item: running(w.clock.now() + 1) }])
            else if (one.do === 'watch') leave.push(w.cache.subscribe(one.id, () => {}, { create: true }))
            else if (one.do === 'unwatch') leave.pop()?.()
            else if (one.do === 'advance') await w.clock.advance(one.ms)
            else if (one.do === 'sleep') {
              w.clock.sleep(45_000)
              sleptAt = w.clock.now()
            } else if (one.do === 'pause') w.cache.pause()
            else if (one.do === 'resume') w.cache.resume()
            else if (one.do === 'stop') void w.cache.stop()
            else if (one.do === 'start') w.cache.start()
            else if (one.do === 'answer') {
              const call = live()[one.nth]
              if (call === undefined) continue
              settled.add(call)
              call.answer([])
              await w.clock.advance(0)
            } else w.environment.setVisible(one.do === 'show')
            expect(w.clock.timers).toBeLessThanOrEqual(1)
            // After a sleep, calls keep their slots for another second (T5).
            const isOver = live().length === 0 && w.clock.now() > sleptAt + timeout + 2000
            if (!w.cache.isRunning && isOver && one.do === 'advance' && w.clock.timers > 0) {
              wrong.push('a timer stays after stop')
            }
          }
          state.calm = true
          w.environment.setVisible(true)
          w.cache.resume()
          w.cache.start()
          for (const one of [...w.cache.ids()]) w.cache.getOrCreate(one)
          w.cache.getOrCreate('last', running())
          w.cache.subscribe('last', () => {})
          await w.clock.advance(30_000)
          expect(wrong).toEqual([])
          expect(pending.filter((outcome) => outcome.state === 'pending')).toEqual([])
          expect(w.cache.stats().runningCalls).toBe(0)
          const last = timesOf(w.calls, 'last')
          expect(last.length).toBeGreaterThan(ages.maxAge === Infinity ? 5 : 1)
          const stale = [...w.cache.ids()].filter((one) => {
            const { status, failureCount, refreshedAt = 0, nextRefreshAt } = w.cache.getSnapshot(one)
            const fresh =
              failureCount === 0 && w.clock.epoch() - refreshedAt < 5000 && nextRefreshAt !== undefined
            return (status === 'active' || status === 'pending') && !fresh
          })
          expect(stale).toEqual([])
          await w.cache.stop()
          expect(w.clock.timers).toBe(0)
        },
      ),
      { numRuns: 300 },
    )
  })
})
