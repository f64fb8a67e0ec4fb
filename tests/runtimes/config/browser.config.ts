import { playwright } from '@vitest/browser-playwright'
import { defaultClientConditions } from 'vite'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { chromiumOptions, firefoxOptions } from '@auto-refresh/browsers'
import { webKit } from '../src/webkit-provider.ts'
import { adapterSuites } from './adapters.ts'
import { askedFor } from './asked-for.ts'
import { coreSuite, root, source } from './suite.ts'

const providers = {
  chromium: () => playwright({ launchOptions: chromiumOptions() }),
  firefox: () => playwright({ launchOptions: firefoxOptions() }),
  webkit: webKit,
} as const

function browserAskedFor(): keyof typeof providers {
  const { runtime } = askedFor()
  const browser = (['chromium', 'firefox', 'webkit'] as const).find((name) => name === runtime)
  if (browser === undefined) throw new Error(`${runtime} is no browser`)
  return browser
}

const browser = browserAskedFor()
const provider = providers[browser]()

function inBrowser(
  { resolve, oxc, test, ...suite }: TestProjectInlineConfiguration,
  index: number,
): TestProjectInlineConfiguration {
  return {
    ...suite,
    resolve: { ...resolve, conditions: [...source.resolve.conditions, ...defaultClientConditions] },
    // Vue requires these flags from bundlers. The packages' own configurations load another build of Vue.
    define: {
      __VUE_OPTIONS_API__: true,
      __VUE_PROD_DEVTOOLS__: false,
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    },
    // WebKit does not know `await using` yet.
    oxc: { ...(oxc === false ? {} : oxc), target: 'es2022' },
    test: {
      ...test,
      isolate: false,
      // One after the other, because each has a browser of its own.
      sequence: { groupOrder: index },
      browser: {
        enabled: true,
        // WebKit has no headless mode; its display is invisible.
        headless: browser !== 'webkit',
        ui: false,
        connectTimeout: 120_000,
        screenshotFailures: false,
        provider,
        // vitest names this one after its project.
        instances: [{ browser }],
      },
    },
  }
}

const core = { root, test: { name: 'core', ...coreSuite('page', 'recipes', browser) } }

export default defineConfig({ root, test: { projects: [core, ...adapterSuites].map(inBrowser) } })
