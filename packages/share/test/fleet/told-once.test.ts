import { expect, it } from 'vitest'
import { running } from '../group.ts'
import { processes } from './processes.ts'

it('V4, O2: a success that comes as a stored value and as an answer is told once, whatever `equals` says', async () => {
  const { clock, start } = processes({ options: { equals: Object.is } })
  const leader = start('a')
  leader.cache.getOrCreate('x')
  await clock.advance(3500)
  const follower = start('b')
  await clock.advance(10)
  const updates: number[] = []
  follower.cache.onEvent(({ type }) => {
    if (type === 'updated') updates.push(clock.now())
  })
  follower.cache.getOrCreate('x')
  await clock.advance(100)
  expect(follower.cache.get('x')).toEqual(running())
  expect(updates).toHaveLength(1)
})
