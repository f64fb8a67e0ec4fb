import { hydrate as carryOver, InMemoryAutoRefresh } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/adapter-suite'
import { expect, it } from 'vitest'
import { settle, zoneless } from './driver.ts'
import { ClassPage, hydrate } from './server.ts'

it('A13: no class of the server stays, though Angular removes only those that it has set itself', async () => {
  const cache = new InMemoryAutoRefresh<Job>({ interval: 1000, sync: () => [] })
  const states = [{ id: 'a', item: { done: false, step: 2 }, failureCount: 0, unchangedCount: 0 }]
  carryOver(cache, { version: 1, at: 0, states })
  cache.update('a', { done: false, step: 5 })
  const container = document.createElement('div')
  container.innerHTML = '<main><b>active 2</b></main>'
  const application = await hydrate(container, { cache, ids: ['a'] }, zoneless, ClassPage)
  await settle([application])
  const [shown] = container.querySelectorAll('b')
  expect(shown?.textContent).toBe('active 5')
  expect([...(shown?.classList ?? [])].sort()).toEqual(['5', 'active'])
  application.destroy()
})
