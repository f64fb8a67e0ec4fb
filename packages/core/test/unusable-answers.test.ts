import { AutoRefreshError } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { faultyWorld, linesOf, startWithPulse } from './faulty-source.ts'
import { createAll, untyped } from './scheduling.ts'
import { running, unchanged, world } from './world.ts'

/** Answers that are no arrays. */
const noArrays: readonly (readonly [string, () => unknown])[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['a number', () => 5],
  ['an object', () => ({ a: running(1) })],
  ['an array-like', () => ({ length: 0 })],
  ['a function', () => () => []],
  ['a string', () => '<html>502 Bad Gateway</html>'],
  ['an empty string', () => ''],
  ['a set', () => new Set([{ id: 'a', item: running(1) }])],
  ['a map', () => new Map([['a', running(1)]])],
  ['the values of a map', () => new Map([['a', { id: 'a', item: running(1) }]]).values()],
  [
    'a generator',
    function* () {
      yield { id: 'a', item: running(1) }
    },
  ],
  ['an async iterable', () => ({ async *[Symbol.asyncIterator]() {} })],
  ['a typed array', () => new Uint8Array(2)],
]

/** Arrays that are not empty, and in which no entry has a usable id. */
const withoutIds: readonly (readonly [string, readonly unknown[]])[] = [
  ['nulls', [null, undefined]],
  ['strings', ['a', 'b']],
  ['items without ids', [running(1), running(2)]],
  ['ids that are null', [{ id: null, item: running(1) }]],
  [
    'ids that are no finite numbers',
    [
      { id: NaN, item: running(1) },
      { id: Infinity, item: running(1) },
    ],
  ],
  [
    'another name of the id',
    [
      { ID: 'a', item: running(1) },
      { key: 'b', item: running(2) },
    ],
  ],
  ['a nested array', [[{ id: 'a', item: running(1) }]]],
]

const answers = [
  ...noArrays,
  ...withoutIds.map(([name, value]) => [`an array of ${name}`, () => value] as const),
]

describe('an answer that is none', () => {
  it.each(answers)('F18: %s fails the call with INVALID_RESPONSE', async (_, answer) => {
    const { cache, clock, events } = world({ missing: 'delete', answer: () => untyped(answer()) })
    cache.start()
    createAll(cache, ['a', 'b'])
    await clock.advance(0)
    for (const id of ['a', 'b']) {
      expect(cache.getSnapshot(id)).toMatchObject({ failureCount: 1, item: running(0) })
      expect(cache.getSnapshot(id).error).toBeInstanceOf(AutoRefreshError)
      expect(cache.getSnapshot(id).error).toHaveProperty('code', 'INVALID_RESPONSE')
    }
    expect(cache.stats().syncErrors).toBe(1)
    expect(events.find(({ type }) => type === 'sync-settled')).toHaveProperty('error')
  })

  it.each(noArrays)('F18: a promise of %s fails the call with INVALID_RESPONSE', async (_, answer) => {
    const { cache, clock } = world({ answer: () => untyped(Promise.resolve(answer())) })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a').error).toHaveProperty('code', 'INVALID_RESPONSE')
    expect(cache.stats().syncErrors).toBe(1)
  })

  it('F18, F5: its items become a retry group', async () => {
    const w = faultyWorld({
      answer: (batch, { ids }) => (ids.includes('a') ? untyped('<html>') : unchanged(batch)),
    })
    await startWithPulse(w)
    createAll(w.cache, ['a', 'b'])
    await w.clock.advance(1500)
    expect(linesOf(w)).toEqual(['100 a b', '1100 a b'])
  })
})

describe('an answer that is one', () => {
  it.each<[string, readonly unknown[]]>([
    ['is empty', []],
    ['has one usable id among others', [null, { id: 'a', item: running(1) }, { id: {} }]],
    ['has only ids that nobody asked for', [{ id: 'x', item: running(1) }]],
    ['has only malformed entries with ids', [{ id: 'a', action: 'explode' }]],
    ['has only ids that are numbers', [{ id: 7, item: running(1) }]],
  ])('F18: the call is successful if it %s', async (_, answer) => {
    const { cache, clock, events } = world({ answer: () => untyped(answer) })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.stats()).toMatchObject({ syncCalls: 1, syncErrors: 0 })
    expect(events.find(({ type }) => type === 'sync-settled')).not.toHaveProperty('error')
  })

  it('F18: a thenable may answer, and only its first answer counts', async () => {
    const { cache, clock } = world({
      answer: () =>
        untyped({
          // oxlint-disable-next-line unicorn/no-thenable
          then: (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => {
            resolve([{ id: 'a', item: running(7) }])
            reject(new Error('late'))
            resolve([{ id: 'a', item: running(8) }])
          },
        }),
    })
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ failureCount: 0, item: running(7) })
  })
})
