import { playwright } from '@vitest/browser-playwright'
import { defaultClientConditions } from 'vite'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import type { BrowserProviderOption } from 'vitest/node'
import { chromiumOptions, firefoxOptions } from '../../e2e/src/launch-options.ts'
import { webKit } from '../src/webkit-provider.ts'
import { adapterSuites } from './adapters.ts'
import { askedFor } from './asked-for.ts'
import { coreSuite, root, source } from './suite.ts'

const { runtime } = askedFor()

const providers: Readonly<Record<string, () => BrowserProviderOption>> = {
  chromium: () => playwright({ launchOptions: chromiumOptions() }),
  firefox: () => playwright({ launchOptions: firefoxOptions() }),
  webkit: webKit,
}

function inBrowser({
  resolve,
  oxc,
  ...suite
}: TestProjectInlineConfiguration): TestProjectInlineConfiguration {
  const provider = providers[runtime]?.()
  if (provider === undefined) throw new Error(`${runtime} is no browser`)
  return {
    ...suite,
    resolve: { ...resolve, conditions: [...source.resolve.conditions, ...defaultClientConditions] },
    // A bundler of Vue's must say so; the packages' own configurations load the build that does not ask.
    define: {
      __VUE_OPTIONS_API__: true,
      __VUE_PROD_DEVTOOLS__: false,
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    },
    // WebKit does not know `await using` yet.
    oxc: { ...(oxc === false ? {} : oxc), target: 'es2022' },
    test: {
      ...suite.test,
      isolate: false,
      browser: {
        enabled: true,
        // WebKit has no headless mode: its display is one that nobody sees.
        headless: runtime !== 'webkit',
        screenshotFailures: false,
        provider,
        instances: [{ browser: runtime }],
      },
    },
  }
}

export default defineConfig({
  root,
  test: {
    projects: [
      { root, test: { name: 'core', ...coreSuite('page', 'recipes', runtime) } },
      ...adapterSuites,
    ].map(inBrowser),
  },
})
