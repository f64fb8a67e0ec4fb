import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createElement, type FunctionComponent } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, inject, it } from 'vitest'
import { load, type Format, type Modules } from '../src/formats.ts'

const NAMES: readonly (keyof Modules)[] = [
  '@auto-refresh/core',
  '@auto-refresh/core/adapter',
  '@auto-refresh/core/testing',
  '@auto-refresh/react',
  '@auto-refresh/vue',
  '@auto-refresh/preact',
  '@auto-refresh/angular',
  '@auto-refresh/devtools',
  '@auto-refresh/query',
  '@auto-refresh/svelte',
  '@auto-refresh/solid',
  '@auto-refresh/lit',
  '@auto-refresh/share',
  '@auto-refresh/share/tabs',
  '@auto-refresh/share/hub',
  '@auto-refresh/share/hub-client',
  '@auto-refresh/share/fleet',
  '@auto-refresh/share/testing',
]

describe('the same modules for `import` and `require`', () => {
  it.each(NAMES)('%s has the same names, in modules of its own', async (name) => {
    const esm = await load('ES module', name)
    const cjs = await load('CommonJS', name)
    expect(Object.keys(cjs).sort()).toEqual(Object.keys(esm).sort())
    expect(Object.keys(esm)).not.toEqual([])
    expect(cjs).not.toBe(esm)
  })

  it.each(inject('packages'))(
    '$name is found by its name, and so is its package.json',
    ({ name, folder }) => {
      const require = createRequire(`${folder}/../../../program.cjs`)
      expect(require.resolve(name)).toBe(`${folder}/dist/cjs/index.js`)
      const manifest: unknown = require(`${name}/package.json`)
      expect(manifest).toEqual(JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')))
    },
  )
})

interface Job {
  readonly progress: number
}

describe.each<{ cache: Format; rest: Format }>([
  { cache: 'ES module', rest: 'CommonJS' },
  { cache: 'CommonJS', rest: 'ES module' },
])('a program with a cache of the $cache, and everything else of the $rest', ({ cache, rest }) => {
  /** A cache whose only job goes a step at each refresh, up to 3. */
  async function jobsOnClock() {
    const { InMemoryAutoRefresh } = await load(cache, '@auto-refresh/core')
    const { VirtualClock } = await load(rest, '@auto-refresh/core/testing')
    const clock = new VirtualClock()
    const jobs = new InMemoryAutoRefresh<Job>({
      interval: 1000,
      jitter: 0,
      clock,
      isTerminal: ({ progress }) => progress === 3,
      sync: async (batch) =>
        batch.map(({ id, item }) => ({ id, item: { progress: (item?.progress ?? 0) + 1 } })),
    })
    return { jobs, clock }
  }

  it('follows an item to its end', async () => {
    const { until, watch } = await load(rest, '@auto-refresh/core')
    const { jobs, clock } = await jobsOnClock()
    const seen: unknown[] = []
    jobs.start().getOrCreate('a', { progress: 0 })
    const end = until(jobs, 'a')
    const follow = (async () => {
      for await (const { progress } of watch(jobs, 'a')) seen.push(progress)
    })()
    await clock.advance(5000)
    await follow
    await expect(end).resolves.toEqual({ progress: 3 })
    expect(seen).toEqual([0, 1, 2, 3])
    await jobs.stop()
  })

  it('changes an item, carries it over, and tells errors by their code', async () => {
    const { dehydrate, hydrate, mutate, until } = await load(rest, '@auto-refresh/core')
    const { jobs } = await jobsOnClock()
    jobs.getOrCreate('a', { progress: 1 })
    await mutate(jobs, 'a', { progress: 2 }, async () => 'done')
    const { jobs: other } = await jobsOnClock()
    hydrate(other, dehydrate(jobs))
    expect(other.get('a')).toEqual({ progress: 2 })
    await expect(until(other, 'b')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(other.refresh('b')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('renders the cache on a server', async () => {
    const { useAutoRefreshItem } = await load(rest, '@auto-refresh/react')
    const { jobs } = await jobsOnClock()
    jobs.getOrCreate('a', { progress: 2 })
    const Row: FunctionComponent = () => {
      const { status, item } = useAutoRefreshItem(jobs, 'a')
      return `${status} ${item?.progress}`
    }
    expect(renderToString(createElement(Row))).toBe('active 2')
  })
})
