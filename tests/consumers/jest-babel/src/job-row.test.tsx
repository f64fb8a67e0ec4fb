import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
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
  jest.useRealTimers()
})

test('a job is followed by fake timers', async () => {
  jest.useFakeTimers()
  render(<JobRow jobs={makeJobs()} id="a" />)
  expect(shown()).toBe('Loading…')
  await act(() => jest.advanceTimersByTimeAsync(0))
  expect(shown()).toBe('1 %')
  await act(() => jest.advanceTimersByTimeAsync(2000))
  expect(shown()).toBe('2 %')
  await act(() => jest.advanceTimersByTimeAsync(10_000))
  expect(shown()).toBe('7 %')
})

test('waitFor works with them', async () => {
  jest.useFakeTimers()
  render(<JobRow jobs={makeJobs()} id="a" />)
  await waitFor(() => expect(shown()).toBe('1 %'))
  act(() => jest.advanceTimersByTime(2000))
  await waitFor(() => expect(shown()).toBe('2 %'))
})

test('legacy fake timers, which know no clock, move it as well', async () => {
  jest.useFakeTimers({ legacyFakeTimers: true })
  render(<JobRow jobs={makeJobs()} id="a" />)
  await act(async () => jest.advanceTimersByTime(0))
  expect(shown()).toBe('1 %')
  await act(async () => jest.advanceTimersByTime(2000))
  expect(shown()).toBe('2 %')
})
