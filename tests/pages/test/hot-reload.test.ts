import { readFileSync } from 'node:fs'
import { launchChromium } from '@auto-refresh/browsers'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDevPage, type DevPage } from '../src/dev-page.ts'
import { FRAMEWORKS } from '../src/frameworks.ts'
import { jobsApi, type Call } from '../src/jobs-api.ts'

const EDITS = 10
/** ms */
const INTERVAL = 50

/** The module that holds the cache. */
function jobsModule(edition: number, lines: string): string {
  const options = `{
  interval: ${INTERVAL},
  jitter: 0,
  isTerminal: ({ isDone }) => isDone,
  async sync(batch, { signal }) {
    const query = new URLSearchParams([['edition', '${edition}'], ...batch.map(({ id }) => ['id', id])])
    const response = await fetch(\`/api/jobs?\${query}\`, { signal })
    const jobs: Record<string, Job> = await response.json()
    return Object.entries(jobs).map(([id, item]) => ({ id, item }))
  },
}`
  return `import { InMemoryAutoRefresh } from '@auto-refresh/core'

interface Job {
  readonly step: number
  readonly isDone: boolean
}

${lines.replace('{/* … */}', options)}
Object.assign(globalThis, { jobs, edition: ${edition} })
`
}

const PLAIN = 'export const jobs = new InMemoryAutoRefresh<Job>({/* … */})'

/** Returns the lines under "Hot reload" in the framework's README. */
function linesOfReadme(name: string): string {
  const readme = readFileSync(new URL(`../../../packages/${name}/README.md`, import.meta.url), 'utf8')
  const [, lines] = /## Hot reload\n[^#]*?```typescript\n([^`]*)```/.exec(readme) ?? []
  if (lines === undefined) throw new Error(`the README of ${name} has no lines about hot reload`)
  return lines
}

/** Returns the editions of the module whose caches made the calls. */
const editionsOf = (calls: readonly Call[]): readonly (string | null)[] => [
  ...new Set(calls.map(({ query }) => query.get('edition'))),
]

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})

afterAll(() => browser.close())

describe.each(FRAMEWORKS)('hot reload with Vite: $framework', ({ framework, plugins }) => {
  const component = {
    vue: 'App.vue',
    svelte: 'App.svelte',
    react: 'App.tsx',
    preact: 'App.tsx',
    solid: 'App.tsx',
  }[framework]

  /** Waits until the page shows an edition of its component. */
  const shows = async ({ page }: DevPage, edition: number): Promise<void> => {
    await page.waitForFunction(
      (text) => new RegExp(text).test(document.querySelector('p')?.textContent ?? ''),
      `^edition ${edition}: active \\d+, active,terminal`,
    )
  }

  const open = async (lines: string): Promise<DevPage & { readonly calls: readonly Call[] }> => {
    const calls: Call[] = []
    const jobOf = (id: string, step: number): unknown => ({ step, isDone: id === 'finished' })
    const dev = await openDevPage(browser, {
      folder: 'hot',
      framework,
      plugins: [...plugins(), jobsApi(calls, jobOf)],
      sources: { 'jobs.ts': jobsModule(0, lines) },
    })
    await shows(dev, 0)
    await dev.page.evaluate(() => {
      const texts: string[] = []
      const note = (): void => void texts.push(document.querySelector('p')?.textContent ?? 'nothing')
      new MutationObserver(note).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
      })
      // Lost if the page is loaded again.
      Object.assign(globalThis, { texts })
    })
    return { ...dev, calls }
  }

  /** Returns the texts that the page has shown since it was opened; fails if it was loaded again. */
  const shown = ({ page }: DevPage): Promise<readonly string[]> =>
    page.evaluate(() => {
      const { texts } = globalThis as unknown as { readonly texts?: readonly string[] }
      if (texts === undefined) throw new Error('the page was loaded again')
      return texts
    })

  const subscribers = ({ page }: DevPage): Promise<number> =>
    page.evaluate(() => {
      const { jobs } = globalThis as unknown as {
        readonly jobs: { stats(): { readonly subscribers: number } }
      }
      return jobs.stats().subscribers
    })

  /** Returns the calls of the next twenty intervals. */
  const callsFromNow = async ({
    page,
    calls,
  }: DevPage & { readonly calls: readonly Call[] }): Promise<readonly Call[]> => {
    const before = calls.length
    await page.waitForTimeout(20 * INTERVAL)
    return calls.slice(before)
  }

  it('A18: edits of the component and of the module of the cache leave one poller, the subscriptions and the values', async () => {
    await using dev = await open(linesOfReadme(framework))
    const first = dev.calls.length
    for (let edition = 1; edition <= EDITS; edition++) {
      await dev.edit(component, (source) => source.replaceAll(/edition \d+/g, `edition ${edition}`))
      await shows(dev, edition)
      await dev.edit('jobs.ts', () => jobsModule(edition, linesOfReadme(framework)))
      await dev.page.waitForFunction((now) => Reflect.get(globalThis, 'edition') === now, edition)
    }
    const now = await callsFromNow(dev)
    expect(now.length).toBeGreaterThan(1)
    expect(now.length).toBeLessThanOrEqual(21)
    expect(editionsOf(dev.calls)).toEqual(['0'])
    expect(dev.calls.slice(first).filter(({ ids }) => ids.includes('finished'))).toEqual([])
    expect((await shown(dev)).filter((text) => !/: active \d+, active,terminal/.test(text))).toEqual([])
    expect(await subscribers(dev)).toBe(3)
    expect(dev.complaints).toEqual([])
  })

  it('A18: without those lines the components hold the cache of the last edition, and the others have stopped', async () => {
    await using dev = await open(PLAIN)
    for (let edition = 1; edition <= EDITS; edition++) {
      const before = dev.calls.length
      await dev.edit('jobs.ts', () => jobsModule(edition, PLAIN))
      await expect
        .poll(() => editionsOf(dev.calls.slice(before)).includes(`${edition}`), { timeout: 30_000 })
        .toBe(true)
    }
    await shows(dev, 0)
    const now = await callsFromNow(dev)
    expect(now.length).toBeGreaterThan(1)
    expect(now.length).toBeLessThanOrEqual(21)
    expect(editionsOf(now)).toEqual([`${EDITS}`])
    await shown(dev)
    expect(await subscribers(dev)).toBe(3)
    expect(dev.complaints).toEqual([])
  })
})
