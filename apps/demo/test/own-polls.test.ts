import { expect, it } from 'vitest'
import { OwnPolls } from '../src/own-polls.ts'

function polls() {
  let now = 0
  const counter = new OwnPolls(() => now)
  const pass = (ms: number, active: number): void => {
    now += ms
    counter.look(active)
  }
  return { counter, pass }
}

it('counts one request an interval, and one more for each further hundred jobs', () => {
  const { counter, pass } = polls()
  pass(0, 60)
  for (let second = 0; second < 10; second += 1) pass(1000, 60)
  expect(counter.count).toBe(10)
  pass(0, 101)
  for (let second = 0; second < 10; second += 1) pass(1000, 101)
  expect(counter.count).toBe(30)
})

it('counts none while there is nothing to ask, and little of a time that the page missed', () => {
  const { counter, pass } = polls()
  pass(5000, 0)
  pass(5000, 60)
  expect(counter.count).toBe(0)
  pass(3_600_000, 60)
  expect(counter.count).toBe(2)
})
