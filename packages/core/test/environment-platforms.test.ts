/// <reference types="vite/types/importMeta.d.ts" />
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultEnvironment, focusManager, onlineManager } from '../src/environment/tanstack.ts'
import { resetManagers, ScriptedPlatform } from './platform.ts'
import { replace } from './world.ts'

const undo: (() => void)[] = []

/** Replaces a global until the end of the test; not a page's own `window` and `document`, which cannot be. */
function replaceGlobal(name: string, value: unknown): void {
  if (Object.getOwnPropertyDescriptor(globalThis, name)?.configurable === false) return
  undo.push(replace(globalThis, name, value))
}

/** What the default environment tells from now on, until the end of the test. */
function start(): (readonly [isVisible: boolean, isOnline: boolean])[] {
  const told: (readonly [boolean, boolean])[] = []
  undo.push(defaultEnvironment.subscribe(() => told.push(now())))
  return told
}

const now = () => [defaultEnvironment.isVisible(), defaultEnvironment.isOnline()] as const

/** Makes the managers, and what the environment remembers of them, as they are at first. */
function reset(): void {
  for (const undoOne of undo.splice(0).reverse()) undoOne()
  resetManagers()
  const leave = defaultEnvironment.subscribe(() => undefined)
  onlineManager.setOnline(false)
  onlineManager.setOnline(true)
  leave()
}

beforeEach(reset)
afterEach(reset)

describe('a platform that cannot tell', () => {
  it('T4: is visible and online if `document` and `navigator` are null', () => {
    replaceGlobal('document', null)
    replaceGlobal('navigator', null)
    expect(start()).toEqual([])
    expect(now()).toEqual([true, true])
  })

  it.each([0, '', null, 'false'])('T4: is online if `onLine` is %j: only false is offline', (onLine) => {
    replaceGlobal('navigator', { onLine })
    expect(start()).toEqual([])
    expect(now()).toEqual([true, true])
  })

  it.each([true, 'window'])('T4: has no events if `window` is %j', (window) => {
    replaceGlobal('window', window)
    replaceGlobal('navigator', { onLine: false })
    expect(start()).toEqual([])
    expect(now()).toEqual([true, false])
  })

  it('T4: is not listened to for what it cannot tell', () => {
    const heard: string[] = []
    const listen = (event: string): void => void heard.push(event)
    replaceGlobal('window', { addEventListener: listen, removeEventListener: () => undefined })
    replaceGlobal('document', undefined)
    replaceGlobal('navigator', {})
    // The managers have sources of their own.
    for (const manager of [focusManager, onlineManager]) manager.setEventListener(() => undefined)
    start()
    expect(heard).toEqual([])
  })
})

describe('a source of events', () => {
  it('T4: what it says as the cache starts is read then, and not told', () => {
    onlineManager.setEventListener((say) => {
      say(false)
      return () => undefined
    })
    // Without a subscriber the manager leaves its source, and asks it anew for the next one.
    onlineManager.subscribe(() => undefined)()
    onlineManager.setOnline(true)
    expect(start()).toEqual([])
    expect(now()).toEqual([true, false])
  })

  it('T4, T8: each time the network comes that is told, though the page was never offline', () => {
    const page = new ScriptedPlatform()
    undo.push(() => page.remove())
    resetManagers()
    const told = start()
    page.setOnline(true)
    page.setOnline(true)
    expect(told).toEqual([
      [true, true],
      [true, true],
    ])
  })
})

describe('the first start of a program', () => {
  it('T4: reads the platform, because nobody has told a manager anything', async () => {
    const modules = import.meta.glob<{ readonly defaultEnvironment: typeof defaultEnvironment }>(
      '../src/environment/tanstack.ts',
      { query: '?first' },
    )
    const first = await modules['../src/environment/tanstack.ts']?.()
    replaceGlobal('navigator', { onLine: false })
    expect(onlineManager.isOnline()).toBe(true)
    expect(first?.defaultEnvironment.isOnline()).toBe(false)
  })
})
