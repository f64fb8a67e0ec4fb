import { AutoRefreshError } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { createAll, failed, log, untyped } from './scheduling.ts'
import { running, unchanged, world } from './world.ts'

/** The error of an item `id` after its first call, which was answered like this. */
async function errorAfter(answer: unknown, id: string = 'a'): Promise<unknown> {
  const { cache, clock } = world({ answer: () => untyped(answer) })
  cache.start().getOrCreate(id, running())
  await clock.advance(0)
  return cache.getSnapshot(id).error
}

const hidden = new Error('not yours')

describe('the error of an answer that is no array', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['404', 404],
    ['<html>', '<html>'],
    ['[object Date]', new Date(0)],
    ['[object Map]', new Map()],
    ['[object Object]', Object.create(null)],
  ])('F18: says that it got %s', async (name, answer) => {
    const error = await errorAfter(answer)
    expect(error).toMatchObject({
      code: 'INVALID_RESPONSE',
      message: `sync must return an array of responses, got ${name}`,
    })
  })
})

describe('the error of an entry that cannot be read', () => {
  it('F4: has what was thrown as its cause', async () => {
    const entry = Object.defineProperty({ id: 'a' }, 'item', {
      get() {
        throw hidden
      },
    })
    const error = await errorAfter([entry])
    expect(error).toMatchObject({ code: 'INVALID_RESPONSE' })
    expect(error).toHaveProperty('cause', hidden)
  })
})

describe('a look-alike', () => {
  it('F17: is found for the id `undefined`, too, beside an entry without an id', async () => {
    const item = running(1)
    const error = await errorAfter([{ item }, { id: 'UNDEFINED', item }], 'undefined')
    expect(error).toBeInstanceOf(AutoRefreshError)
    expect(error).toMatchObject({ code: 'INVALID_RESPONSE' })
    expect(String(error)).toContain('"undefined"')
    expect(String(error)).toContain('"UNDEFINED"')
  })

  it('F17: is no id that is spelled with other letters', async () => {
    expect(await errorAfter([{ id: 'strasse', item: running(1) }], 'straße')).toBeUndefined()
  })
})

describe('a pushed retryAfter that is none', () => {
  it.each([-5, 0])('F13, F19: %d takes no item out of its retry group', async (retryAfter) => {
    const { cache, clock, calls } = world({
      interval: 10_000,
      answer: (batch, { at }) => (at === 0 ? Promise.reject(new Error('down')) : unchanged(batch)),
    })
    createAll(cache.start(), ['a', 'b'])
    await clock.advance(100)
    cache.ingest([failed('a', 'busy', retryAfter)])
    await clock.advance(900)
    expect(log(calls)).toEqual(['0 a b', '1000 a b'])
  })
})
