import { describe, expect, it } from 'vitest'
import { bundle } from '../src/bundle.ts'
import { ADAPTERS, CORE, DEVTOOLS, measure, QUERY, SHARED, TOGETHER } from '../src/sizes.ts'

describe('bundled from the packed packages, minified, gzipped', () => {
  it.each([CORE, ...ADAPTERS, QUERY, TOGETHER, ...SHARED, DEVTOOLS])(
    '$name: at most $most bytes',
    async (budget) => {
      const { size } = await measure(budget)
      expect(size).toBeGreaterThan(100)
      expect(size).toBeLessThanOrEqual(budget.most)
    },
  )

  it('InMemoryAutoRefresh brings nothing that it does not use', async () => {
    const { modules } = await measure(CORE)
    expect(modules).toContain('@auto-refresh/core/dist/in-memory-auto-refresh.js')
    const unused =
      /\/(until|watch|mutate|hydrate|adapter-seam|tracked-snapshot|retry-after|\w+-observer)\.js$|\/(testing|policies)\//
    expect(modules.filter((file) => unused.test(file))).toEqual([])
    expect(modules.filter((file) => file.startsWith('@tanstack/')).length).toBeGreaterThan(0)
    expect(
      modules.filter((file) => /query|observer|retryer|hydration/i.test(file.split('/').at(-1) ?? '')),
    ).toEqual([])
  })

  it.each(['lru', 'expiry', 'rateLimit', 'customBatches'])('the policy %s brings no cache', async (name) => {
    const { modules } = await bundle(`export { ${name} } from '@auto-refresh/core'`)
    expect(modules.some((file) => file.includes('/policies/'))).toBe(true)
    expect(modules.filter((file) => /in-memory|\/state\.js$|@tanstack/.test(file))).toEqual([])
  })

  it.each(['until', 'watch', 'mutate', 'hydrate'])('%s brings no cache', async (name) => {
    const { modules } = await bundle(`export { ${name} } from '@auto-refresh/core'`)
    expect(modules.some((file) => file.endsWith(`/${name}.js`))).toBe(true)
    expect(modules.filter((file) => /in-memory|\/engine\/|@tanstack/.test(file))).toEqual([])
  })

  it.each(ADAPTERS)('$name brings what it observes with, and no cache', async ({ code }) => {
    const { modules } = await bundle(code)
    expect(modules.some((file) => file.endsWith('/item-observer.js'))).toBe(true)
    expect(modules.filter((file) => /in-memory|\/engine\/|@tanstack/.test(file))).toEqual([])
  })

  it('query brings no TanStack Query and no cache', async () => {
    const { modules } = await bundle(QUERY.code)
    expect(modules.some((file) => file.endsWith('/connect.js'))).toBe(true)
    expect(modules.filter((file) => /in-memory|\/engine\/|@tanstack/.test(file))).toEqual([])
  })

  it.each([
    ['share/tabs', /\/share\/dist\/(hub|hub-client|fleet|testing)\//],
    ['share/hub', /\/share\/dist\/(tabs|hub-client|fleet|testing)\//],
    ['share/hub-client', /\/share\/dist\/(tabs|hub|fleet|testing)\/|\/eventsource-parser\/dist\/stream/],
    ['share/fleet', /\/share\/dist\/(tabs|hub|hub-client|testing)\/|\/redis\//],
  ])('%s brings no other transport', async (name, others) => {
    const { modules } = await measure(SHARED.find((budget) => budget.name === name) ?? CORE)
    expect(modules.some((file) => file.startsWith(`@auto-refresh/${name.replace('/', '/dist/')}/`))).toBe(
      true,
    )
    expect(modules.filter((file) => others.test(file))).toEqual([])
  })

  it.each(
    [
      'core',
      'react',
      'vue',
      'preact',
      'angular',
      'devtools',
      'svelte',
      'solid',
      'lit',
      'share',
      'share/tabs',
      'share/hub',
      'share/hub-client',
      'share/fleet',
      'query',
    ].map((name) => `@auto-refresh/${name}`),
  )('of %s nothing is left where nothing of it is used', async (name) => {
    const { modules, size } = await bundle(`import '${name}'\nimport * as all from '${name}'\nvoid all`)
    expect(modules).toEqual([])
    expect(size).toBeLessThan(50)
  })

  it('simulate brings no panel, and the panel brings no cache', async () => {
    const { modules } = await bundle(`export { simulate } from '@auto-refresh/devtools'`)
    expect(modules.some((file) => file.endsWith('/simulate.js'))).toBe(true)
    expect(modules.filter((file) => /devtools\/dist\/(?!simulation\/)/.test(file))).toEqual([])
    const panel = await bundle(DEVTOOLS.code)
    expect(panel.modules.some((file) => file.endsWith('/panel.js'))).toBe(true)
    expect(panel.modules.filter((file) => /in-memory|\/engine\/|@tanstack/.test(file))).toEqual([])
  })

  it('no byte of the developer tools is in production if they are imported in development only', async () => {
    const program = `export { InMemoryAutoRefresh } from '@auto-refresh/core'
      if (process.env.NODE_ENV !== 'production') {
        const { createDevtools } = await import('@auto-refresh/devtools')
        document.body.append(createDevtools({}))
      }`
    const { modules } = await bundle(program)
    expect(modules.filter((file) => file.includes('devtools'))).toEqual([])
    expect(modules).toContain('@auto-refresh/core/dist/in-memory-auto-refresh.js')
  })
})
