import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { expect, it } from 'vitest'
import { isFinished } from '@auto-refresh/demo-server/job'
import { JobList } from '../src/job-list.ts'
import { KeepBusy } from '../src/keep-busy.ts'
import { makeJob } from './jobs.ts'

function start(mostJobs = Infinity) {
  const cache = new InMemoryAutoRefresh({ sync: () => [], interval: 1000, isTerminal: isFinished })
  const jobs = new JobList(cache)
  let submitted = 0
  const farm = {
    submit: async () => {
      if (submitted === mostJobs) throw new Error('The farm is full')
      return { job: makeJob({ id: `job ${++submitted}`, state: 'queued' }), version: 1 }
    },
  }
  const finish = (count: number): void => {
    const active = [...cache.ids()].filter((id) => cache.getSnapshot(id).status === 'active')
    for (const id of active.slice(0, count)) cache.update(id, makeJob({ id, state: 'succeeded' }))
  }
  return { cache, jobs, finish, keepBusy: new KeepBusy({ farm, cache, jobs }) }
}

it('submits 60 jobs to a farm at rest, and more when fewer than 30 are left', async () => {
  const { cache, jobs, finish, keepBusy } = start()
  expect(await keepBusy.look()).toBe(true)
  expect(jobs.ids.get()).toHaveLength(60)
  finish(30)
  await keepBusy.look()
  expect(jobs.ids.get()).toHaveLength(60)
  finish(1)
  await keepBusy.look()
  // 29 active ones, 30 new ones, and the last finished ones.
  expect(jobs.ids.get()).toHaveLength(29 + 30 + 6)
  expect(jobs.ids.get()[0]).toBe('job 26')
  expect(cache.size).toBe(65)
})

it('leaves what others submitted, and submits no more than is missing', async () => {
  const { jobs, keepBusy } = start()
  jobs.add(Array.from({ length: 20 }, (_, index) => makeJob({ id: `other ${index}` })))
  jobs.add([makeJob({ id: 'finished', state: 'succeeded' })])
  await keepBusy.look()
  expect(jobs.ids.get()).toHaveLength(61)
  expect(jobs.ids.get()).toContain('finished')
})

it('ends after some hundred jobs', async () => {
  const { finish, keepBusy } = start()
  let rounds = 0
  while (await keepBusy.look()) {
    finish(60)
    rounds++
  }
  expect(rounds).toBe(9)
})

it('shows what the farm took before it took no more', async () => {
  const { jobs, keepBusy } = start(5)
  await expect(keepBusy.look()).rejects.toThrow('The farm is full')
  expect(jobs.ids.get()).toHaveLength(5)
})
