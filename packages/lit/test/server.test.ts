// @vitest-environment node
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
} from '@auto-refresh/lit'
import { render } from '@lit-labs/ssr'
import { collectResult } from '@lit-labs/ssr/lib/render-result.js'
import { html, LitElement, type TemplateResult } from 'lit'
import { beforeEach, expect, it } from 'vitest'

let cache: InMemoryAutoRefresh<number>

class AllElement extends LitElement {
  readonly #job = useAutoRefreshItem(this, cache, () => 'a', { initialItem: 1 })
  readonly #list = useAutoRefreshItems(this, cache, () => ['a', 'b'], { select: ({ status }) => status })
  readonly #ids = useAutoRefreshIds(this, cache)
  readonly #status = useAutoRefreshStatus(this, cache)

  protected override render(): TemplateResult {
    const { status, item } = this.#job.value
    const shown = [status, item, ...this.#list.value, ...this.#ids.value, this.#status.value.state]
    return html`<p>${shown.join(' ')}</p>`
  }
}
customElements.define('test-all', AllElement)

async function textOf(): Promise<string> {
  const markup = await collectResult(render(html`<test-all></test-all>`))
  return /<p>(.*)<\/p>/.exec(markup.replaceAll(/<!--.*?-->/g, ''))?.[1] ?? markup
}

beforeEach(() => {
  cache = new InMemoryAutoRefresh<number>({ interval: 1000, sync: () => [] })
})

it('A1, A13: a server runs nothing and subscribes to nothing, however many requests there are', async () => {
  for (let request = 0; request < 10; request++) {
    expect(await textOf()).toBe('active 1 pending pending stopped')
  }
  expect(cache.isRunning).toBe(false)
  expect(cache.stats()).toMatchObject({ size: 0, subscribers: 0, hits: 0, misses: 0, syncCalls: 0 })
})

it('A13: a server shows what its cache has', async () => {
  cache.getOrCreate('b', 2)
  expect(await textOf()).toBe('active 1 pending active b stopped')
})
