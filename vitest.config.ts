import { fileURLToPath } from 'node:url'
import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from 'vitest/config'
import demoServer from './apps/demo/server/vitest.config.ts'
import demo from './apps/demo/vitest.config.ts'
import bench from './bench/vitest.config.ts'
import docs from './docs/vitest.config.ts'
import examples from './examples/vitest.config.ts'
import angular from './packages/angular/vitest.config.ts'
import core from './packages/core/vitest.config.ts'
import devtools from './packages/devtools/vitest.config.ts'
import preact from './packages/preact/vitest.config.ts'
import query from './packages/query/vitest.config.ts'
import react from './packages/react/vitest.config.ts'
import lit from './packages/lit/vitest.config.ts'
import solid from './packages/solid/vitest.config.ts'
import svelte from './packages/svelte/vitest.config.ts'
import share from './packages/share/vitest.config.ts'
import vue from './packages/vue/vitest.config.ts'
import fleet from './tests/fleet/vitest.config.ts'
import packaging from './tests/packaging/vitest.config.ts'
import reliability from './tests/reliability/vitest.config.ts'
import node from './tests/runtimes/config/node.config.ts'
import simulation from './tests/simulation/vitest.config.ts'

const inCore = (patterns: readonly string[] = []): string[] =>
  patterns.map((pattern) => `packages/core/${pattern}`)

/** Vitest does not read the projects of a project, so each workspace's projects are listed here. */
function projectsOf(folder: string, { test, ...config }: ViteUserConfig): TestProjectInlineConfiguration[] {
  const root = fileURLToPath(new URL(folder, import.meta.url))
  const { projects, coverage: _, ...options } = test ?? {}
  if (projects === undefined) return [{ ...config, root, test: options }]
  return projects.map((project): TestProjectInlineConfiguration => {
    if (typeof project !== 'object' || !('test' in project)) {
      throw new TypeError(`${folder} must list its projects as objects`)
    }
    return Object.assign({}, project, { root })
  })
}

const { include, exclude, ...coverage } = core.test?.coverage ?? {}

/** Every suite in Node; `tests/reliability` and `examples` have projects that `npm test` leaves to `npm run test:everywhere`. */
export default defineConfig({
  test: {
    projects: [
      ...projectsOf('packages/core', core),
      ...projectsOf('tests/runtimes', node),
      ...projectsOf('packages/react', react),
      ...projectsOf('packages/vue', vue),
      ...projectsOf('packages/preact', preact),
      ...projectsOf('packages/devtools', devtools),
      ...projectsOf('packages/angular', angular),
      ...projectsOf('packages/svelte', svelte),
      ...projectsOf('packages/solid', solid),
      ...projectsOf('packages/lit', lit),
      ...projectsOf('packages/share', share),
      ...projectsOf('packages/query', query),
      ...projectsOf('apps/demo', demo),
      ...projectsOf('apps/demo/server', demoServer),
      ...projectsOf('bench', bench),
      ...projectsOf('docs', docs),
      ...projectsOf('examples', examples),
      ...projectsOf('tests/fleet', fleet),
      ...projectsOf('tests/packaging', packaging),
      ...projectsOf('tests/reliability', reliability),
      ...projectsOf('tests/simulation', simulation),
    ],
    // Coverage is measured with `--project core` only: the adapters' tests must not count for the core.
    coverage: { ...coverage, include: inCore(include), exclude: inCore(exclude) },
  },
})
