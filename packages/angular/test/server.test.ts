// @vitest-environment node
import { Component, inject, InjectionToken, Injector, provideZonelessChangeDetection } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { provideServerRendering, renderApplication } from '@angular/platform-server'
import {
  injectAutoRefreshIds,
  injectAutoRefreshItem,
  injectAutoRefreshItems,
  injectAutoRefreshStatus,
} from '@auto-refresh/angular'
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { afterEach, describe, expect, it, vi } from 'vitest'

function newCache(): InMemoryAutoRefresh<number> {
  return new InMemoryAutoRefresh<number>({ interval: 1000, sync: () => [] })
}

const CACHE = new InjectionToken<InMemoryAutoRefresh<number>>('cache')

function injectAll(injector: Injector): () => string {
  const cache = injector.get(CACHE)
  const job = injectAutoRefreshItem(cache, () => 'a', { initialItem: 1, injector })
  const list = injectAutoRefreshItems(cache, () => ['a', 'b'], { select: ({ status }) => status, injector })
  const ids = injectAutoRefreshIds(cache, { injector })
  const status = injectAutoRefreshStatus(cache, { injector })
  return () => [job().status, job().item, ...list(), ...ids(), status().state].join(' ')
}

/** Shows all of them. */
const Page = Component({ selector: 'page-of', template: '{{ text() }}' })(
  class {
    readonly text = injectAll(inject(Injector))
  },
)

async function render(cache: InMemoryAutoRefresh<number>): Promise<string> {
  const html = await renderApplication(
    (context) =>
      bootstrapApplication(
        Page,
        {
          providers: [
            provideServerRendering(),
            provideZonelessChangeDetection(),
            { provide: CACHE, useValue: cache },
          ],
        },
        context,
      ),
    { document: '<page-of></page-of>', url: '/' },
  )
  return /<page-of[^>]*>([^<]*)</.exec(html)?.[1] ?? html
}

const nothing = { size: 0, subscribers: 0, hits: 0, misses: 0, syncCalls: 0 }

afterEach(() => {
  vi.restoreAllMocks()
})

describe('on a server', () => {
  it('A1, A13: a component runs nothing, subscribes to nothing and warns of nothing, however many requests there are', async () => {
    const warn = vi.spyOn(console, 'warn')
    const error = vi.spyOn(console, 'error')
    const cache = newCache()
    for (let request = 0; request < 5; request++) {
      expect(await render(cache)).toBe('active 1 pending pending stopped')
    }
    expect(cache.isRunning).toBe(false)
    expect(cache.stats()).toMatchObject(nothing)
    expect([warn, error].flatMap(({ mock }) => mock.calls)).toEqual([])
  })

  it('A13: it shows what the cache has', async () => {
    const cache = newCache()
    cache.getOrCreate('b', 2)
    expect(await render(cache)).toBe('active 1 pending active b stopped')
    expect(cache.stats().subscribers).toBe(0)
  })
})
