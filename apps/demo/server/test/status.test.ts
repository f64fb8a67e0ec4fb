import { expect, it } from 'vitest'
import { SLOW, UNIT_DISC, WHOLE_SET } from './scenes.ts'
import { eventually, startFarm } from './start-farm.ts'

it('answers for many jobs at once, in the order asked', async () => {
  const farm = await startFarm()
  const ids = [await farm.submit(WHOLE_SET), await farm.submit(UNIT_DISC), await farm.submit(WHOLE_SET)]
  const answers = await farm.status(ids.map((id) => ({ id })).toReversed())
  expect(answers.map(({ id }) => id)).toEqual(ids.toReversed())
  for (const answer of answers) expect(answer).toMatchObject({ status: 'changed', job: { id: answer.id } })
})

it('says unchanged, and no more, for a version that the caller has', async () => {
  const farm = await startFarm()
  const id = await farm.submit(WHOLE_SET)
  await farm.until(id, 'succeeded')
  const [first] = await farm.status([{ id }])
  if (first?.status !== 'changed') throw new Error('The caller had no version yet')
  expect(first.version).toBeGreaterThan(1)
  const { version } = first
  expect(await farm.status([{ id, version }])).toEqual([{ id, status: 'unchanged', version }])
  expect(await farm.status([{ id, version: version - 1 }])).toEqual([first])
})

it('has a new version for every change', async () => {
  const farm = await startFarm()
  const id = await farm.submit(SLOW)
  const versions = new Map<number, string>()
  await eventually(async () => {
    const [answer] = await farm.status([{ id }])
    if (answer?.status !== 'changed') throw new Error('The caller had no version yet')
    const job = JSON.stringify(answer.job)
    expect(versions.get(answer.version) ?? job).toBe(job)
    versions.set(answer.version, job)
    return answer.job.state === 'succeeded' ? answer : undefined
  }, 'the slow scene')
  expect(versions.size).toBeGreaterThan(5)
  expect(new Set(versions.values()).size).toBe(versions.size)
  expect([...versions.keys()]).toEqual([...versions.keys()].sort((a, b) => a - b))
})

it('says gone for an id that it does not know, or that it dropped', async () => {
  const farm = await startFarm({ capacity: 1 })
  const dropped = await farm.submit(WHOLE_SET)
  await farm.until(dropped, 'succeeded')
  const kept = await farm.submit(WHOLE_SET)
  const answers = await farm.status([
    { id: 'never' },
    { id: dropped, version: 3 },
    { id: kept },
    { id: '__proto__' },
  ])
  expect(answers.map(({ status }) => status)).toEqual(['gone', 'gone', 'changed', 'gone'])
})

it('takes 200 ids, and none', async () => {
  const farm = await startFarm()
  const ids = Array.from({ length: 200 }, (_, index) => ({
    id: `job-${index}`.padEnd(100, 'x'),
    version: index,
  }))
  expect(await farm.status(ids)).toHaveLength(200)
  expect(await farm.status([])).toEqual([])
})
