import { until, watch, type Batch } from '@auto-refresh/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { asked, msOf } from './asked.ts'

/** ms. What is bounded is far below it, on a slow machine, too. */
const BOUND = 10_000

const no = (): never => {
  throw new Error('no')
}

/** Every operation on it throws. */
function unusable(): object {
  const traps = ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor'] as const
  return new Proxy({}, Object.fromEntries(traps.map((trap) => [trap, no])))
}

// What listeners and values throw is reported by the console here: it must not be told as a failure of the test.
beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('answers that are none', () => {
  const answers: Record<string, () => unknown> = {
    undefined: () => undefined,
    null: () => null,
    'a number': () => 7,
    'a string': () => 'ab',
    'an object': () => ({ a: { id: 'a', item: 1 } }),
    'a function': () => no,
    'a proxy that throws': unusable,
    'an iterator getter that throws': () => ({
      get [Symbol.iterator]() {
        return no()
      },
    }),
    'an iterator that is none': () => ({ [Symbol.iterator]: () => 7 }),
    'a step that is none': () => ({ [Symbol.iterator]: () => ({ next: () => 7 }) }),
    'a step that throws': () => ({ [Symbol.iterator]: () => ({ next: no }) }),
    'a then getter that throws': () => ({
      get then() {
        return no()
      },
    }),
    'a then that throws': () => ({ then: no }),
    'a then that rejects and resolves': () => ({
      then(resolve: (value: unknown) => void, reject: (error: unknown) => void) {
        reject(new Error('no'))
        resolve([{ id: 'a', item: 'late' }])
      },
    }),
    'a thenable of a thenable that throws': () => ({
      then: (resolve: (value: unknown) => void) => resolve({ then: no }),
    }),
    'what is thrown at once': no,
    'undefined, thrown': () => {
      throw undefined
    },
    'a proxy, thrown': () => {
      throw unusable()
    },
  }

  it.each(Object.entries(answers))('F1, F4: %s fails the items, and nothing else', async (_, answer) => {
    let isHostile = true
    const { cache, clock } = asked((batch) => {
      if (isHostile) return answer() as []
      return batch.map(({ id }) => ({ id, item: 'good' }))
    })
    cache.getOrCreate('a', 'present')
    let told = 0
    cache.subscribe('a', () => {
      told += 1
    })
    await clock.advance(0)
    expect(cache.getSnapshot('a')).toMatchObject({ item: 'present', failureCount: 1, isRefreshing: false })
    expect(told).toBe(1)
    isHostile = false
    await clock.advance(5000)
    expect(cache.getSnapshot('a')).toMatchObject({ item: 'good', failureCount: 0, error: undefined })
  })
})

describe('entries that are none', () => {
  const entries: Record<string, (id: string) => unknown> = {
    'without an item': (id) => ({ id }),
    'with a null': (id) => ({ id, item: null }),
    'with an action of another kind': (id) => ({ id, action: { toString: no }, item: 1 }),
    'with a symbol for an action': (id) => ({ id, action: Symbol('update'), item: 1 }),
    'with an item getter that throws': (id) => ({
      id,
      get item() {
        return no()
      },
    }),
    'with a validator getter that throws': (id) => ({
      id,
      item: 1,
      get validator() {
        return no()
      },
    }),
    'with an error getter that throws': (id) => ({
      id,
      action: 'fail',
      get error() {
        return no()
      },
    }),
  }

  it.each(Object.entries(entries))('F4: one %s fails its id alone', async (_, entry) => {
    const { cache, clock } = asked(() => [{ id: 'a', item: 'new a' }, entry('b'), { id: 'c', item: 'new c' }])
    for (const id of ['a', 'b', 'c']) cache.getOrCreate(id, `old ${id}`)
    await clock.advance(0)
    expect(cache.get('a')).toBe('new a')
    expect(cache.getSnapshot('b')).toMatchObject({ item: 'old b', failureCount: 1 })
    expect(cache.getSnapshot('b').error).toMatchObject({ code: 'INVALID_RESPONSE' })
    expect(cache.get('c')).toBe('new c')
  })

  it.each([
    ['null', null],
    ['a number', 7],
    ['a symbol', Symbol('a')],
    ['a proxy that throws', unusable()],
    ['an id that is a number', { id: 1, item: 'x' }],
    ['an id getter that throws', Object.defineProperty({}, 'id', { get: no })],
    ['an id that says it is another', { id: { toString: () => 'a' }, item: 'x' }],
  ])('F4: %s is reported, and its neighbours are applied', async (_, entry) => {
    const { cache, clock, events } = asked(() => [entry, { id: 'a', item: 'new a' }])
    cache.getOrCreate('a', 'old a')
    await clock.advance(0)
    expect(cache.get('a')).toBe('new a')
    expect(events.filter(({ type }) => type === 'unexpected-response')).toHaveLength(1)
  })

  it('F4: a field is read once, so that it cannot be checked as one thing and used as another', async () => {
    const reads: Record<string, number> = {}
    const shifty = (id: string): unknown =>
      new Proxy(
        { id, item: 'first' },
        {
          get(target, key, receiver) {
            const name = String(key)
            reads[name] = (reads[name] ?? 0) + 1
            if (name === 'item' && reads[name] > 1) return null
            return Reflect.get(target, key, receiver) as unknown
          },
        },
      )
    const { cache, clock } = asked(() => [shifty('a')])
    cache.getOrCreate('a', 'present')
    await clock.advance(0)
    expect(cache.get('a')).toBe('first')
    expect(reads['item']).toBe(1)
  })
})

describe('huge answers', () => {
  it('F4: a million responses that nobody asked for create nothing', async () => {
    const { cache, clock } = asked(() =>
      Array.from({ length: 1_000_000 }, (_, index) => ({ id: `x${index}`, item: 1 })),
    )
    cache.getOrCreate('a', 'present')
    expect(await msOf(() => clock.advance(0))).toBeLessThan(BOUND)
    expect([...cache.ids()]).toEqual(['a'])
    expect(cache.get('a')).toBe('present')
  })

  it('F4: of a million responses for one id the last counts, and one change is told', async () => {
    const { cache, clock, events } = asked(() =>
      Array.from({ length: 1_000_000 }, (_, index) => ({ id: 'a', item: index })),
    )
    cache.getOrCreate('a', 'present')
    let told = 0
    cache.subscribe('a', () => {
      told += 1
    })
    expect(await msOf(() => clock.advance(0))).toBeLessThan(BOUND)
    expect(cache.get('a')).toBe(999_999)
    expect(told).toBe(1)
    expect(events.filter(({ type }) => type === 'updated')).toHaveLength(1)
  })

  it('F18: an iterable without an end is no answer, and is not read', async () => {
    let isRead = false
    function* endless(): Generator {
      isRead = true
      for (;;) yield { id: 'a', item: 'new a' }
    }
    const { cache, clock } = asked(() => endless())
    cache.getOrCreate('a', 'old a')
    cache.getOrCreate('b', 'old b')
    expect(await msOf(() => clock.advance(0))).toBeLessThan(BOUND)
    expect(isRead).toBe(false)
    for (const id of ['a', 'b']) {
      expect(cache.getSnapshot(id)).toMatchObject({ item: `old ${id}`, failureCount: 1 })
      expect(cache.getSnapshot(id).error).toMatchObject({ code: 'INVALID_RESPONSE' })
    }
  })

  it('T1: a thenable that never settles costs its slot for the timeout', async () => {
    const { cache, clock } = asked(() => ({ then: () => undefined }), { timeout: 3000, concurrency: 1 })
    cache.getOrCreate('a', 'present')
    await clock.advance(2999)
    expect(cache.stats().runningCalls).toBe(1)
    await clock.advance(1)
    expect(cache.stats().runningCalls).toBe(0)
    expect(cache.getSnapshot('a').error).toMatchObject({ code: 'TIMEOUT' })
  })

  it('an item is a value: if it is a function, it is never called', async () => {
    const called: string[] = []
    const make = () => ({
      then: () => called.push('then'),
      toJSON: () => called.push('toJSON'),
      valueOf: () => called.push('valueOf'),
      toString: () => called.push('toString'),
      [Symbol.toPrimitive]: () => called.push('toPrimitive'),
      [Symbol.iterator]: () => called.push('iterator'),
    })
    const item = make()
    const { cache, clock } = asked(() => [{ id: 'a', item }])
    cache.getOrCreate('a', make())
    await clock.advance(3000)
    cache.update('a', item)
    cache.getSnapshot('a')
    expect(cache.getOrThrow('a')).toBe(item)
    expect(called).toEqual([])
  })

  it('O4: a promise of an item that is a thenable settles as promises do, and the cache goes on', async () => {
    const item = { then: no }
    const { cache } = asked(() => [])
    cache.getOrCreate('a', item)
    await expect(until(cache, 'a', () => true)).rejects.toThrow('no')
    expect(cache.stats().subscribers).toBe(0)
    expect(await watch(cache, 'a').next()).toEqual({ done: false, value: item })
  })
})

describe('a batch belongs to the sync function', () => {
  it('W6: a sync function that changes its batch changes nothing in the cache', async () => {
    const { cache, clock } = asked((batch: Batch<unknown>) => {
      const entries = batch as { id: string; item: unknown }[]
      for (const entry of entries) {
        entry.id = 'b'
        entry.item = 'forged'
      }
      entries.length = 0
      return []
    })
    cache.getOrCreate('a', 'present')
    await clock.advance(2000)
    expect([...cache.ids()]).toEqual(['a'])
    expect(cache.getSnapshot('a')).toMatchObject({ item: 'present', failureCount: 0 })
  })
})
