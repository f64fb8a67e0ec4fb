import { Component, inject, signal } from '@angular/core'
import { injectAutoRefreshItem } from '@auto-refresh/angular'
import { hydrate as carryOver, InMemoryAutoRefresh } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/adapter-suite'
import { expect, it } from 'vitest'
import { settle, zoneless } from './driver.ts'
import { ClassPage, hydrate, VIEW } from './server.ts'

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

const ids = signal<readonly string[]>(['a'])
/** Each text that a row showed. */
const seen: string[] = []

const Row = Component({ selector: 'b[row]', inputs: ['id'], template: '{{ text() }}' })(
  class {
    readonly #id = signal('')
    readonly #job = injectAutoRefreshItem(inject(VIEW).cache, this.#id)
    set id(id: string) {
      this.#id.set(id)
    }
    text(): string {
      const { status, item } = this.#job()
      const text = `${status} ${item?.step ?? '-'}`
      seen.push(text)
      return text
    }
  },
)

const RowsPage = Component({
  selector: '[page-of]',
  imports: [Row],
  template: '<main>@for (id of ids(); track id) {<b row [id]="id"></b>}</main>',
})(
  class {
    readonly ids = ids
  },
)

it('A2, A5, A13: what is mounted later in a page of a server shows and creates what it would in any page', async () => {
  const cache = new InMemoryAutoRefresh<Job>({ interval: 1_000_000, sync: () => [] })
  const states = ['a', 'b', 'c'].map((id) => ({
    id,
    item: { done: false, step: 2 },
    failureCount: 0,
    unchangedCount: 0,
  }))
  carryOver(cache, { version: 1, at: 0, states })
  cache.update('a', { done: false, step: 5 })
  cache.update('b', { done: false, step: 5 })
  cache.delete('c')
  const container = document.createElement('div')
  container.innerHTML = '<main><b>active 2</b></main>'
  const application = await hydrate(container, { cache, ids: ['a'] }, zoneless, RowsPage)
  await settle([application])
  expect(container.textContent).toBe('active 5')
  seen.length = 0
  ids.set(['a', 'b', 'c'])
  await settle([application])
  expect(new Set(seen)).toEqual(new Set(['active 5', 'pending -']))
  expect([...cache.ids()]).toEqual(['a', 'b', 'c'])
  application.destroy()
})
