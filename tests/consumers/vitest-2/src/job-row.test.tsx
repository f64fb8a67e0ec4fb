import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { JobRow, type Job } from './job-row'

/** A cache whose jobs have one percent more after each call. */
function makeJobs() {
  let calls = 0
  return new InMemoryAutoRefresh<Job>({
    interval: 2000,
    jitter: 0,
    async sync(batch) {
      calls += 1
      return batch.map(({ id }) => ({ id, item: { progress: calls } }))
    },
  })
}

const shown = () => screen.getByRole('status').textContent

afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

test('a job is followed by fake timers', async () => {
  vi.useFakeTimers()
  render(<JobRow jobs={makeJobs()} id="a" />)
  expect(shown()).toBe('Loading…')
  await act(() => vi.advanceTimersByTimeAsync(0))
  expect(shown()).toBe('1 %')
  await act(() => vi.advanceTimersByTimeAsync(2000))
  expect(shown()).toBe('2 %')
  await act(() => vi.advanceTimersByTimeAsync(10_000))
  expect(shown()).toBe('7 %')
})
