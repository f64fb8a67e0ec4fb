import { focusManager, onlineManager } from '@tanstack/query-core'
import { afterEach, describe, expect, it } from 'vitest'
import { times } from './scheduling-helpers.ts'
import { running, world, type Job, type World } from './world.ts'

describe('the default environment', () => {
  const worlds: World<Job>[] = []
  afterEach(async () => {
    await Promise.all(worlds.splice(0).map((w) => w.cache.stop()))
    focusManager.setFocused(undefined)
    onlineManager.setOnline(true)
  })

  function byDefault(): World<Job> {
    const w = world({ environment: undefined })
    worlds.push(w)
    return w
  }

  it('T4: refreshes wherever it runs, without being told', async () => {
    const w = byDefault()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(2000)
    expect(times(w.calls)).toEqual([0, 1000, 2000])
  })

  it('T4: what focusManager says is whether the page is hidden', async () => {
    const w = byDefault()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(500)
    focusManager.setFocused(false)
    await w.clock.advance(5000)
    expect(times(w.calls)).toEqual([0])
    focusManager.setFocused(true)
    await w.clock.advance(0)
    expect(times(w.calls)).toEqual([0, 5500])
  })

  it('T4: what onlineManager says is whether the machine is offline', async () => {
    const w = byDefault()
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(500)
    onlineManager.setOnline(false)
    await w.clock.advance(5000)
    expect(times(w.calls)).toEqual([0])
    onlineManager.setOnline(true)
    await w.clock.advance(0)
    expect(times(w.calls)).toEqual([0, 5500])
  })

  it('T4: it is asked from `start` on, and no longer than until `stop`', async () => {
    const w = byDefault()
    w.cache.getOrCreate('a', running())
    expect([focusManager.hasListeners(), onlineManager.hasListeners()]).toEqual([false, false])
    w.cache.start()
    expect([focusManager.hasListeners(), onlineManager.hasListeners()]).toEqual([true, true])
    await w.cache.stop()
    expect([focusManager.hasListeners(), onlineManager.hasListeners()]).toEqual([false, false])
  })

  it('T4: two caches share it without disturbing each other', async () => {
    const one = byDefault()
    const other = byDefault()
    for (const w of [one, other]) w.cache.start().getOrCreate('a', running())
    await other.clock.advance(500)
    await one.cache.stop()
    focusManager.setFocused(false)
    await other.clock.advance(5000)
    expect(times(other.calls)).toEqual([0])
    focusManager.setFocused(true)
    await other.clock.advance(0)
    expect(times(other.calls)).toEqual([0, 5500])
  })

  it('T4: a `process`, or a `window` without a document, says nothing', async () => {
    const names = ['window', 'process'].filter((name) => !(name in globalThis))
    for (const name of names) Object.defineProperty(globalThis, name, { configurable: true, value: {} })
    try {
      const w = byDefault()
      w.cache.start().getOrCreate('a', running())
      await w.clock.advance(1000)
      expect(times(w.calls)).toEqual([0, 1000])
    } finally {
      for (const name of names) Reflect.deleteProperty(globalThis, name)
    }
  })
})
