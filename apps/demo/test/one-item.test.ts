import { expect, it } from 'vitest'
import { OneItem } from '../src/one-item.ts'

it('asks while it is followed, and tells what it knows', async () => {
  let calls = 0
  const ask = async (): Promise<{ readonly n: number }> => ({ n: (calls += 1) })
  const item = new OneItem({ name: 'count', interval: 60_000, ask })
  expect([item.current, calls]).toEqual([undefined, 0])
  let end = (): void => undefined
  await new Promise<void>((resolve) => {
    end = item.follow(resolve)
  })
  expect(item.current).toEqual({ n: 1 })
  end()
})
