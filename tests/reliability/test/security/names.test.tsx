import {
  InMemoryAutoRefresh,
  lru,
  until,
  watch,
  type Batch,
  type ItemId,
  type SyncResponse,
} from '@auto-refresh/core'
import { ItemsObserver } from '@auto-refresh/core/adapter'
import { useAutoRefreshItem as useReactItem, useAutoRefreshItems as useReactItems } from '@auto-refresh/react'
import { useAutoRefreshItem as useVueItem, useAutoRefreshItems as useVueItems } from '@auto-refresh/vue'
import type { ReactElement } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, describe, expect, it } from 'vitest'
import { createSSRApp, defineComponent, h } from 'vue'
import { renderToString as renderVueToString } from 'vue/server-renderer'
import { asked, json } from './asked.ts'

/** Names with a meaning in JavaScript, and strings with a meaning elsewhere. */
const NAMES: readonly ItemId[] = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'then', 'toJSON'],
  ...[
    '__defineGetter__',
    '__lookupSetter__',
    'length',
    'name',
    'item',
    'id',
    'undefined',
    'null',
    'NaN',
    '0',
    '-0',
  ],
  ...['', ' ', '\0', '\uD800', '\u202E', '👩‍🚀', 'é', 'e\u0301', '{"a":1}', '</script>', 'a'.repeat(1_000_000)],
]

const before = Object.getOwnPropertyNames(Object.prototype).join()

afterEach(() => {
  if (Object.getOwnPropertyNames(Object.prototype).join() !== before)
    throw new Error('all objects have changed')
})

/** A source that answers each id with the id itself. */
function named(batch: Batch<unknown>): SyncResponse<unknown>[] {
  return batch.map(({ id }) => ({ id, item: { named: id }, validator: `v-${id}` }))
}

function has(item: unknown, key: string): boolean {
  return typeof item === 'object' && item !== null && Object.hasOwn(item, key)
}

describe('ids', () => {
  it('L7: any string is an id, and different strings are different ids', async () => {
    const { cache, clock, events } = asked(named)
    for (const id of NAMES) {
      expect(cache.has(id)).toBe(false)
      expect(cache.get(id)).toBeUndefined()
      expect(cache.getSnapshot(id).status).toBe('missing')
      cache.getOrCreate(id, { created: id })
    }
    expect([...cache.ids()]).toEqual(NAMES)
    await clock.advance(0)
    for (const id of NAMES) {
      expect(cache.get(id)).toEqual({ named: id })
      expect(cache.getSnapshot(id)).toMatchObject({ status: 'active', error: undefined })
    }
    expect(events.filter(({ type }) => type === 'unexpected-response')).toEqual([])
    for (const id of NAMES) {
      expect(cache.update(id, { updated: id })).toBe(true)
      cache.ingest([{ id, item: { pushed: id } }])
    }
    for (const id of NAMES) expect(cache.get(id)).toEqual({ pushed: id })
    for (const [index, id] of NAMES.entries()) {
      expect(cache.delete(id)).toBe(true)
      expect(cache.has(id)).toBe(false)
      expect(cache.size).toBe(NAMES.length - index - 1)
    }
  })

  it('O2, O4, O5, S8: each is watched, awaited and refreshed under its own name', async () => {
    const { cache, clock } = asked(named, { isTerminal: (item) => has(item, 'end') })
    const told: ItemId[] = []
    const settled: Promise<unknown>[] = []
    for (const id of NAMES) {
      cache.subscribe(id, () => told.push(id))
      cache.getOrCreate(id, { created: id })
      settled.push(
        cache.refresh(id),
        until(cache, id, (item) => has(item, 'named')),
      )
    }
    await clock.advance(0)
    await Promise.all(settled)
    expect(new Set(told)).toEqual(new Set(NAMES))
    const watched = NAMES.map((id) => watch(cache, id).next())
    expect(await Promise.all(watched)).toEqual(NAMES.map((id) => ({ done: false, value: { named: id } })))
    const ends = NAMES.map((id) => until(cache, id))
    for (const id of NAMES) cache.update(id, { end: id })
    expect(await Promise.all(ends)).toEqual(NAMES.map((id) => ({ end: id })))
  })

  it('W5, C1: each is marked, evicted and created again under its own name', async () => {
    const { cache, clock, events } = asked(named, { policies: [lru(NAMES.length)] })
    for (const id of NAMES) cache.getOrCreate(id, { created: id })
    for (const id of NAMES) expect(cache.deleteDelayed(id)).toBe(true)
    await clock.advance(1000)
    expect(cache.size).toBe(0)
    for (const id of NAMES) cache.getOrCreate(id, { again: id })
    for (const id of NAMES) cache.getOrCreate(`${id}!`, { other: id })
    const evicted = events.filter(({ type }) => type === 'evicted')
    expect(evicted.map((event) => 'id' in event && event.id)).toEqual(NAMES)
  })

  it('F4: a response for a name that every object has is foreign, and creates nothing', async () => {
    const { cache, clock, events } = asked(() => NAMES.map((id) => ({ id, item: { foreign: id } })))
    cache.getOrCreate('mine', { mine: true })
    await clock.advance(0)
    expect([...cache.ids()]).toEqual(['mine'])
    expect(cache.get('mine')).toEqual({ mine: true })
    const unexpected = events.filter(({ type }) => type === 'unexpected-response')
    expect(unexpected.map((event) => 'id' in event && event.id)).toEqual(NAMES)
  })

  it('the adapters show each under its own name', async () => {
    const shown = NAMES.slice(0, -1)
    const cache = new InMemoryAutoRefresh<string>({ interval: 1000, sync: () => [] })
    for (const [index, id] of shown.entries()) cache.getOrCreate(id, `item ${index}`)
    const texts = shown.map((_, index) => `item ${index}`).join()

    function List(): ReactElement {
      const list = useReactItems(cache, shown, { select: ({ item }) => item })
      return <p>{list.join()}</p>
    }
    function One({ id }: { readonly id: ItemId }): ReactElement {
      return <p>{useReactItem(cache, id).item}</p>
    }
    expect(renderToString(<List />)).toBe(`<p>${texts}</p>`)
    for (const [index, id] of shown.entries()) {
      expect(renderToString(<One id={id} />)).toBe(`<p>item ${index}</p>`)
    }

    const VueList = defineComponent(() => {
      const list = useVueItems(cache, shown, { select: ({ item }) => item })
      return () => h('p', list.value.join())
    })
    expect(await renderVueToString(createSSRApp(VueList))).toBe(`<p>${texts}</p>`)
    const VueOne = defineComponent(
      (props: { readonly id: ItemId }) => {
        const { item } = useVueItem(cache, () => props.id)
        return () => h('p', item.value)
      },
      { props: ['id'] },
    )
    for (const [index, id] of shown.entries()) {
      expect(await renderVueToString(createSSRApp(VueOne, { id }))).toBe(`<p>item ${index}</p>`)
    }
    const observer = new ItemsObserver<string>()
    const list = observer.read({ cache, ids: shown, enabled: true })
    expect(list).toHaveLength(shown.length)
  })
})

const HOSTILE = '{"a":1,"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}'

describe('values', () => {
  /** Ways to put a value into a cache. */
  const ways: Record<string, (item: unknown) => Promise<unknown>> = {
    getOrCreate: async (item) => asked(() => []).cache.getOrCreate('a', item),
    update: async (item) => {
      const { cache } = asked(() => [])
      cache.getOrCreate('a', { a: 1 })
      cache.update('a', item)
      return cache.get('a')
    },
    'a response': async (item) => {
      const { cache, clock } = asked(() => [{ id: 'a', item }])
      cache.getOrCreate('a', { a: 1 })
      await clock.advance(0)
      return cache.getSnapshot('a').item
    },
    'a response again': async (item) => {
      const { cache, clock } = asked(() => [{ id: 'a', item }])
      cache.getOrCreate('a', json(HOSTILE))
      await clock.advance(3000)
      return cache.getOrThrow('a')
    },
    ingest: async (item) => {
      const { cache } = asked(() => [])
      cache.getOrCreate('a', { a: 1 })
      cache.ingest([{ id: 'a', item }])
      return until(cache, 'a', () => true)
    },
  }

  it.each(Object.keys(ways))('W8: by %s, a key `__proto__` stays a key', async (way) => {
    const value = await ways[way]?.(json(HOSTILE))
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Reflect.get(Object(value), 'isAdmin')).toBeUndefined()
    expect(JSON.stringify(value)).toBe(HOSTILE)
  })

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then'])(
    'W8: what is under the key %s counts like anything else',
    (key) => {
      const { cache } = asked(() => [])
      const value = (inner: unknown) => json(`{"a":[{"${key}":${JSON.stringify(inner)}}]}`)
      const first = value({ x: 1 })
      cache.getOrCreate('a', first)
      cache.ingest([{ id: 'a', item: value({ x: 1 }) }])
      expect(cache.get('a')).toBe(first)
      const changed = value({ x: 2 })
      cache.ingest([{ id: 'a', item: changed }])
      expect(cache.get('a')).toBe(changed)
      const without = json('{"a":[{}]}')
      cache.ingest([{ id: 'a', item: without }])
      expect(cache.get('a')).toBe(without)
      cache.ingest([{ id: 'a', item: changed }])
      expect(cache.get('a')).toBe(changed)
    },
  )

  it('W8: an own `__proto__` is told from a prototype of the same content', () => {
    const { cache } = asked(() => [])
    cache.getOrCreate('a', json('{"__proto__":{"isAdmin":true}}'))
    const inherits: unknown = Object.create({ isAdmin: true })
    cache.ingest([{ id: 'a', item: inherits }])
    expect(cache.get('a')).toBe(inherits)
  })

  it('a response with the keys of data instead of fields is ignored', async () => {
    const answer = [json('{"__proto__":{"id":"a","item":{"isAdmin":true}}}'), { id: 'b', item: 'new' }]
    const { cache, clock, events } = asked(() => answer)
    cache.getOrCreate('a', { a: 1 })
    await clock.advance(0)
    expect(cache.get('a')).toEqual({ a: 1 })
    expect(events).toContainEqual(expect.objectContaining({ type: 'unexpected-response', id: undefined }))
  })

  it('O4: a key `then` that is data makes no promise of an item', async () => {
    const { cache } = asked(() => [])
    const item = cache.getOrCreate('a', json('{"then":"later"}'))
    expect(await until(cache, 'a', () => true)).toBe(item)
    expect(await watch(cache, 'a').next()).toEqual({ done: false, value: item })
  })
})
