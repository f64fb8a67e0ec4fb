/// <reference types="vite/types/importMeta.d.ts" />
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { replace, running, unchanged, world, type Job } from './world.ts'

const untouched = (name: string) => (): never => {
  throw new Error(`${name} was touched`)
}

/** Runs `body` while the globals that tell or keep time are `fake`; `body` must be synchronous. */
function withTime(fake: (name: string) => () => never, body: () => void): void {
  const names = ['setTimeout', 'setInterval', 'queueMicrotask', 'Date', 'performance', 'fetch']
  const had = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name))
  try {
    for (const name of names) {
      Object.defineProperty(globalThis, name, { configurable: true, get: fake(name) })
    }
    body()
  } finally {
    for (const [index, name] of names.entries()) {
      const descriptor = had[index]
      if (descriptor === undefined) Reflect.deleteProperty(globalThis, name)
      else Object.defineProperty(globalThis, name, descriptor)
    }
  }
}

/** Without an order: Firefox moves a name to the end when it is first used. */
const globalNames = (): Set<PropertyKey> => new Set(Reflect.ownKeys(globalThis))

describe('module scope', () => {
  it('L6: constructing asks the clock, the environment and chance nothing', () => {
    const { cache } = world({
      clock: {
        now: untouched('now'),
        epoch: untouched('epoch'),
        setTimeout: untouched('setTimeout'),
        clearTimeout: untouched('clearTimeout'),
      },
      environment: {
        isVisible: untouched('isVisible'),
        isOnline: untouched('isOnline'),
        subscribe: untouched('subscribe'),
      },
      random: untouched('random'),
      interval: untouched('interval'),
      answer: untouched('sync'),
    })
    expect(cache.size).toBe(0)
    expect(cache.isRunning).toBe(false)
  })

  it('L6: constructing with every default reads no clock and starts no timer of the runtime', () => {
    let cache: InMemoryAutoRefresh<Job> | undefined
    withTime(untouched, () => {
      cache = new InMemoryAutoRefresh<Job>({ sync: unchanged, interval: 1000 })
    })
    expect(cache?.isRunning).toBe(false)
  })

  it('L6: constructing and starting leave no trace in the globals', async () => {
    const before = globalNames()
    const { cache, clock } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(0)
    await cache.stop()
    expect(globalNames()).toEqual(before)
  })

  it('L6: a cache that is dropped unused was told nothing, and reported nothing', async () => {
    const { clock, environment, events } = world()
    await clock.advance(10_000)
    expect(clock.timers).toBe(0)
    expect(environment.listeners).toBe(0)
    expect(events).toEqual([])
  })

  it('L6: importing adds nothing to the globals, starts no timer and reads no clock', async () => {
    // With a query, each is another module than the one that is imported above, and is run here.
    const modules = import.meta.glob<object>(['../src/**/*.ts', '!../src/**/*.{test,d}.ts'], {
      query: '?anew',
    })
    const before = globalNames()
    const used: string[] = []
    const spy = <Call extends (...args: never[]) => unknown>(name: string, call: Call): Call =>
      new Proxy(call, {
        apply(target, self, args): unknown {
          used.push(name)
          return Reflect.apply(target, self, args)
        },
      })
    const restores = [
      replace(globalThis, 'setTimeout', spy('setTimeout', setTimeout)),
      replace(globalThis, 'setInterval', spy('setInterval', setInterval)),
      replace(Date, 'now', spy('Date.now', Date.now)),
    ]
    try {
      for (const load of Object.values(modules)) await load()
    } finally {
      for (const restore of restores) restore()
    }
    expect(used).toEqual([])
    expect(globalNames()).toEqual(before)
    const run = await modules['../src/in-memory-auto-refresh.ts']?.()
    expect(run).toHaveProperty('InMemoryAutoRefresh')
    expect(run).not.toHaveProperty('InMemoryAutoRefresh', InMemoryAutoRefresh)
  })
})
