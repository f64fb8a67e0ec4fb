import { InMemoryAutoRefresh, type SyncResponse } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import type { Job, VersionedJob } from '@auto-refresh/demo-server/api'
import { expect, it, onTestFinished, vi } from 'vitest'
import { jobActions } from '../src/job-actions.ts'
import { isFinished } from '@auto-refresh/demo-server/job'
import { makeJob } from './jobs.ts'

const LATENCY = 100

/** A page whose farm answers status requests late, and a request to cancel when the test says so. */
async function startPage() {
  const clock = new VirtualClock()
  const farm = { job: makeJob() }
  const cache = new InMemoryAutoRefresh<Job>({
    sync: async () => {
      const answer: SyncResponse<Job>[] = [{ id: 'a', item: farm.job }]
      await new Promise((resolve) => clock.setTimeout(() => resolve(undefined), LATENCY))
      return answer
    },
    isTerminal: isFinished,
    interval: 1000,
    jitter: 0,
    clock,
  })
  onTestFinished(() => cache.stop())
  const farmCancel = vi.fn<(id: string) => Promise<VersionedJob>>()
  const trouble = vi.fn<(doing: string, error: unknown) => void>()
  const actions = jobActions({ cancel: farmCancel }, cache, { trouble })
  cache.getOrCreate('a', farm.job)
  cache.start()
  await clock.advance(500)
  const shown: (string | undefined)[] = []
  cache.subscribe('a', () => shown.push(cache.get('a')?.state))
  return { clock, cache, farm, farmCancel, trouble, shown, cancel: () => actions.cancel('a') }
}

it('shows a job as cancelled at once, and whatever a poll says until the farm has done it', async () => {
  const { clock, cache, farm, farmCancel, trouble, shown, cancel } = await startPage()
  farmCancel.mockImplementation(async () => {
    await new Promise((resolve) => clock.setTimeout(() => resolve(undefined), 6000))
    farm.job = makeJob({ state: 'cancelled', finishedAt: 9000 })
    return { job: farm.job, version: 7 }
  })
  void cache.refresh('a')
  await clock.advance(LATENCY / 2)
  cancel()
  await clock.advance(5999)
  expect(shown).toEqual(['cancelled'])

  await clock.advance(1 + LATENCY)
  expect(shown).toEqual(['cancelled', 'cancelled'])
  expect(cache.get('a')).toEqual(farm.job)
  expect(trouble).not.toHaveBeenCalled()
})

it('shows a job as it was if the farm refuses to cancel it, and says so', async () => {
  const { clock, farmCancel, trouble, shown, cancel } = await startPage()
  const refusal = new Error('It has finished')
  farmCancel.mockImplementation(async () => {
    await new Promise((resolve) => clock.setTimeout(() => resolve(undefined), 1))
    throw refusal
  })
  cancel()
  await clock.advance(1)
  await clock.advance(LATENCY)
  expect(shown).toEqual(['cancelled', 'running'])
  expect(trouble).toHaveBeenCalledExactlyOnceWith('Could not cancel', refusal)
})
