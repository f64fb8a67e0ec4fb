// @vitest-environment node
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { render } from 'svelte/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import All from './views/All.svelte'

function newCache(): InMemoryAutoRefresh<number> {
  return new InMemoryAutoRefresh<number>({ interval: 1000, sync: () => [] })
}

const textOf = (cache: InMemoryAutoRefresh<number>): string =>
  render(All, { props: { cache } }).body.replaceAll(/<!--.*?-->/g, '')

afterEach(() => {
  vi.restoreAllMocks()
})

describe('on a server', () => {
  it('A1, A13: it runs nothing, subscribes to nothing and warns of nothing, however many requests there are', () => {
    const warn = vi.spyOn(console, 'warn')
    const cache = newCache()
    for (let request = 0; request < 10; request++) {
      expect(textOf(cache)).toBe('<p>active 1 pending pending stopped</p>')
    }
    expect(cache.isRunning).toBe(false)
    expect(cache.stats()).toMatchObject({ size: 0, subscribers: 0, hits: 0, misses: 0, syncCalls: 0 })
    expect(warn).not.toHaveBeenCalled()
  })

  it('A13: it shows what the cache has', () => {
    const cache = newCache()
    cache.getOrCreate('b', 2)
    expect(textOf(cache)).toBe('<p>active 1 pending active b stopped</p>')
  })
})
