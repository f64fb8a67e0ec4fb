import { InMemoryAutoRefresh } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import { expect, it, vi } from 'vitest'
import { JobList } from '../src/job-list.ts'
import { makeJob } from './jobs.ts'

function startList() {
  const cache = new InMemoryAutoRefresh<Job>({ sync: () => [], interval: 1000 })
  const list = new JobList(cache)
  const listener = vi.fn<() => void>()
  list.ids.subscribe(listener)
  const add = (...ids: readonly string[]): void => list.add(ids.map((id) => makeJob({ id })))
  return { cache, list, listener, add }
}

it('has the newest batch first, its jobs in order, and each in the cache', () => {
  const { cache, list, add } = startList()
  add('a', 'b')
  add('c', 'd')
  expect(list.ids.get()).toEqual(['c', 'd', 'a', 'b'])
  expect(cache.size).toBe(4)
})

it('appends jobs that nobody submitted by hand', () => {
  const { list, add } = startList()
  add('a', 'b')
  list.append([makeJob({ id: 'b' }), makeJob({ id: 'c' })])
  expect(list.ids.get()).toEqual(['a', 'b', 'c'])
})

it('does not take a job twice', () => {
  const { list, listener, add } = startList()
  add('a', 'b')
  add('b', 'c')
  expect(list.ids.get()).toEqual(['c', 'a', 'b'])
  add('a')
  expect(listener).toHaveBeenCalledTimes(2)
})

it('loses what the cache loses, in one go', async () => {
  const { cache, list, listener, add } = startList()
  add('a', 'b', 'c')
  cache.delete('a')
  cache.delete('c')
  await Promise.resolve()
  expect(list.ids.get()).toEqual(['b'])
  expect(listener).toHaveBeenCalledTimes(2)
})

it('keeps a job that was removed and put in again in the same turn', async () => {
  const { cache, list, add } = startList()
  add('a')
  cache.delete('a')
  cache.getOrCreate('a', makeJob())
  await Promise.resolve()
  expect(list.ids.get()).toEqual(['a'])
})
