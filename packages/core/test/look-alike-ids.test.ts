import type { ItemId, SyncResponse } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, times, untyped } from './scheduling.ts'
import { running, world, type Job, type World } from './world.ts'

type Options = NonNullable<Parameters<typeof world<Job>>[0]>

/** A cache with the ids in one call, which is answered by updates of other ids. */
async function answered(
  ids: readonly ItemId[],
  named: readonly unknown[],
  options: Options = {},
): Promise<World<Job>> {
  const w = world({
    answer: () => named.map((id): SyncResponse<Job> => ({ id: untyped(id), item: running(5) })),
    ...options,
  })
  w.cache.start()
  createAll(w.cache, ids)
  await w.clock.advance(0)
  return w
}

const codeOf = ({ cache }: World<Job>, id: ItemId): unknown => {
  const { error } = cache.getSnapshot(id)
  return error instanceof Error && 'code' in error ? error.code : error
}

/** An id as the application wrote it, and what comes back. */
const pairs: readonly (readonly [string, ItemId, ItemId])[] = [
  ['case', 'Build-A7', 'build-a7'],
  ['white space around it', 'job 1', ' job 1\n'],
  ['missing white space', ' job 1', 'job 1'],
  ['percent-encoding', 'main/build 7', 'main%2Fbuild%207'],
  ['missing percent-encoding', 'main%2Fbuild', 'main/build'],
  ['the case of an encoding', 'a%2fb', 'a%2Fb'],
]

describe('ids that are numbers', () => {
  it.each([
    [17, '17'],
    [-3.5, '-3.5'],
    [0, '0'],
    [1e21, '1e+21'],
  ])('F17: %d is the id %s', async (number, id) => {
    const w = await answered([id], [number])
    expect(w.cache.get(id)).toEqual(running(5))
    expect(w.events.map(({ type }) => type)).not.toContain('unexpected-response')
  })

  it('F17: in ingest, too', () => {
    const { cache } = world()
    cache.getOrCreate('17', running())
    cache.ingest([untyped({ id: 17, item: running(3) })])
    expect(cache.get('17')).toEqual(running(3))
  })

  it('F17: an id that was not requested is reported as a string', async () => {
    const w = await answered(['a'], [17])
    expect(w.events.find(({ type }) => type === 'unexpected-response')).toMatchObject({ id: '17' })
  })

  it('F17, F4: an id that is no finite number is none', async () => {
    const w = await answered(['NaN', 'a'], [NaN, 'a'])
    expect(w.cache.get('NaN')).toEqual(running(0))
    expect(w.events.find(({ type }) => type === 'unexpected-response')).toMatchObject({ id: undefined })
  })

  it('F17: an answer from JSON with numbers keeps the item fresh', async () => {
    const w = world({
      answer: (batch) =>
        batch.map(({ id, item }) => ({ id: untyped(Number(id)), item: running((item?.step ?? 0) + 1) })),
    })
    w.cache.start().getOrCreate('17', running())
    await w.clock.advance(10_000)
    expect(w.cache.getSnapshot('17')).toMatchObject({ item: running(11), failureCount: 0 })
  })
})

describe('an id that is left out, while the answer names a look-alike', () => {
  it.each(pairs)('F17: a difference in %s fails it with INVALID_RESPONSE', async (_, asked, named) => {
    const w = await answered([asked], [named])
    expect(w.cache.getSnapshot(asked)).toMatchObject({ failureCount: 1, item: running(0) })
    expect(codeOf(w, asked)).toBe('INVALID_RESPONSE')
    expect(w.cache.stats().syncErrors).toBe(0)
  })

  it.each(['unchanged', 'fail', 'delete'] as const)('F17: whatever `missing` says: %s', async (missing) => {
    const w = await answered(['Build-A7'], ['build-a7'], { missing })
    expect(codeOf(w, 'Build-A7')).toBe('INVALID_RESPONSE')
  })

  it('F17: the message names both', async () => {
    const w = await answered(['main/build'], ['main%2Fbuild'])
    const { error } = w.cache.getSnapshot('main/build')
    expect(String(error)).toContain('main/build')
    expect(String(error)).toContain('main%2Fbuild')
  })

  it('F17, P5: a pending item fails by it, too', async () => {
    const w = world({ answer: () => [{ id: 'build-a7', item: running(1) }] })
    w.cache.start().getOrCreate('Build-A7')
    await w.clock.advance(0)
    expect(codeOf(w, 'Build-A7')).toBe('INVALID_RESPONSE')
    expect(String(w.cache.getSnapshot('Build-A7').error)).toContain('build-a7')
  })

  it('F17, F2: it is an item failure, which delays it', async () => {
    const w = await answered(['Build-A7'], ['build-a7'])
    await w.clock.advance(7000)
    expect(times(w.calls)).toEqual([0, 1000, 3000, 7000])
  })

  it('F17: others of the call are applied', async () => {
    const w = await answered(['Build-A7', 'b'], ['build-a7', 'b'])
    expect(w.cache.getSnapshot('b')).toMatchObject({ item: running(5), failureCount: 0 })
  })
})

describe('ids that are not alike', () => {
  it('F17: an id that was asked for, too', async () => {
    const w = await answered(['Build-A7', 'build-a7'], ['build-a7'])
    expect(w.cache.getSnapshot('Build-A7')).toMatchObject({ failureCount: 0, item: running(0) })
  })

  it('F17: an id that is in the cache', async () => {
    const w = world({
      batchSize: 1,
      answer: (_, { ids }) => (ids.includes('Build-A7') ? [{ id: 'build-a7', item: running(5) }] : 'wait'),
    })
    w.cache.start()
    createAll(w.cache, ['build-a7', 'Build-A7'])
    await w.clock.advance(0)
    expect(w.cache.getSnapshot('Build-A7').failureCount).toBe(0)
  })

  it.each([
    ['another word', 'build-a7', 'build-a8'],
    ['white space within', 'job 1', 'job1'],
    ['a part of it', 'job', 'job-1'],
    ['an encoding that cannot be read', '100%', '%E0%A4%A'],
  ])('F17: %s', async (_, asked, named) => {
    const w = await answered([asked], [named])
    expect(w.cache.getSnapshot(asked)).toMatchObject({ failureCount: 0, unchangedCount: 1 })
  })

  it('F17: an id that the answer names as it is, beside a look-alike', async () => {
    const w = await answered(['Build-A7'], ['build-a7', 'Build-A7'])
    expect(w.cache.getSnapshot('Build-A7')).toMatchObject({ failureCount: 0, item: running(5) })
  })
})
