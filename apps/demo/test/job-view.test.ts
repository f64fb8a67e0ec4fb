import { InMemoryAutoRefresh, type ItemSnapshot } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import type { Job } from '@auto-refresh/demo-server/api'
import { expect, it } from 'vitest'
import { isFinished } from '@auto-refresh/demo-server/job'
import { cardClass, viewJob } from '../src/job-view.ts'
import { summarise } from '../src/panels/panel.ts'
import { makeJob } from './jobs.ts'

function snapshotOf(job: Job): ItemSnapshot<Job> {
  const cache = new InMemoryAutoRefresh<Job>({ sync: () => [], interval: 1000, isTerminal: isFinished })
  cache.getOrCreate(job.id, job)
  return cache.getSnapshot(job.id)
}

it('shows a running job, which can be cancelled', () => {
  expect(viewJob(snapshotOf(makeJob()))).toEqual({
    title: 'Mandelbrot set',
    place: '0.0000 + 0.0000i, ×1',
    name: 'Mandelbrot set 0.0000 + 0.0000i, ×1',
    state: 'running',
    stateText: 'running, 25 %',
    rowsDone: 10,
    rows: 40,
    error: '',
    image: undefined,
    isFailing: false,
    action: 'cancel',
    actionText: 'Cancel',
  })
})

it('shows a finished job, which can be removed', () => {
  const job = makeJob({ state: 'succeeded', image: '/api/jobs/a/image', finishedAt: 3500 })
  expect(viewJob(snapshotOf(job))).toMatchObject({
    stateText: 'done in 1.5 s',
    image: '/api/jobs/a/image',
    action: 'remove',
  })
})

it('shows why a job failed', () => {
  expect(viewJob(snapshotOf(makeJob({ state: 'failed', error: 'Too costly' })))).toMatchObject({
    error: 'Job failed: Too costly',
    isFailing: false,
    action: 'remove',
  })
})

it('shows that a job could not be refreshed, and how often', async () => {
  const clock = new VirtualClock()
  const cache = new InMemoryAutoRefresh<Job>({
    sync: () => Promise.reject(new Error('No farm')),
    interval: 1000,
    clock,
  })
  cache.getOrCreate('a', makeJob())
  cache.start()
  await clock.advance(1)
  const once = viewJob(cache.getSnapshot('a'))
  expect(once).toMatchObject({ error: 'Could not refresh: No farm', isFailing: true, action: 'cancel' })
  expect(once && cardClass(once, false)).toBe('card is-failing')
  expect(once && cardClass(once, true)).toBe('card is-failing is-poisoned')
  await clock.advance(5000)
  expect(viewJob(cache.getSnapshot('a'))?.error).toMatch(/^Could not refresh \(\d×\): No farm$/)
  await cache.stop()
})

it('has nothing to show of a job that is not there', () => {
  const cache = new InMemoryAutoRefresh<Job>({ sync: () => [], interval: 1000 })
  expect(viewJob(cache.getSnapshot('none'))).toBeUndefined()
})

it('sums up', () => {
  expect(summarise([])).toBe('no jobs')
  expect(summarise(['active', 'terminal'])).toBe('1 of 2 active')
  expect(summarise(['terminal', 'missing'])).toBe('2 finished')
})
