import type { Environment } from '@auto-refresh/core'
import { VirtualEnvironment } from '@auto-refresh/core/testing'
import { describe, expect, it } from 'vitest'
import { running, world } from './world.ts'

describe('VirtualEnvironment', () => {
  it('VirtualEnvironment: is visible and online at first, and then what it was set to', () => {
    const environment = new VirtualEnvironment()
    const told: Environment = environment
    expect([told.isVisible(), told.isOnline()]).toEqual([true, true])
    environment.setVisible(false)
    expect([told.isVisible(), told.isOnline()]).toEqual([false, true])
    environment.setOnline(false)
    environment.setVisible(true)
    expect([told.isVisible(), told.isOnline()]).toEqual([true, false])
  })

  it('VirtualEnvironment: tells each listener when either changes, and only then', () => {
    const environment = new VirtualEnvironment()
    const seen: boolean[][] = []
    environment.subscribe(() => seen.push([environment.isVisible(), environment.isOnline()]))
    environment.setVisible(true)
    environment.setOnline(true)
    expect(seen).toEqual([])
    environment.setVisible(false)
    environment.setVisible(false)
    environment.setOnline(false)
    expect(seen).toEqual([
      [false, true],
      [false, false],
    ])
  })

  it('VirtualEnvironment: counts its listeners, and tells nobody who left', () => {
    const environment = new VirtualEnvironment()
    let told = 0
    const listener = (): void => void (told += 1)
    const leave = environment.subscribe(listener)
    const leaveToo = environment.subscribe(listener)
    expect(environment.listeners).toBe(2)
    leave()
    leave()
    expect(environment.listeners).toBe(1)
    environment.setVisible(false)
    expect(told).toBe(1)
    leaveToo()
    environment.setVisible(true)
    expect([told, environment.listeners]).toEqual([1, 0])
  })

  it('VirtualEnvironment, T3: a cache on it pauses, and goes on', async () => {
    const { cache, clock, environment, calls } = world()
    cache.start().getOrCreate('a', running())
    await clock.advance(500)
    environment.setVisible(false)
    await clock.advance(5000)
    expect(calls).toHaveLength(1)
    environment.setVisible(true)
    await clock.advance(0)
    expect(calls.map((call) => call.at)).toEqual([0, 5500])
  })

  it('VirtualEnvironment: a cache subscribes while it runs', async () => {
    const { cache, environment } = world()
    expect(environment.listeners).toBe(0)
    cache.start()
    expect(environment.listeners).toBe(1)
    await cache.stop()
    expect(environment.listeners).toBe(0)
  })
})
