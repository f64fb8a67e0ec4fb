import { fileURLToPath } from 'node:url'
import { cloudflareTest } from '@cloudflare/vitest-pool-workers'
import { build } from 'vite'
import { defineConfig } from 'vitest/config'
import { coreSuite, root, source } from './suite.ts'

/** The newest date that the installed workerd accepts: a few days after its version. */
const compatibilityDate = '2026-04-21'

/** Bundles the Worker as it would be deployed, because the runner's own loads modules in a request, not at module scope. */
async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    resolve: source.resolve,
    ssr: { ...source.ssr, noExternal: true, target: 'webworker' },
    build: { ssr: fileURLToPath(new URL(entry, import.meta.url)), write: false, target: 'es2022' },
  })
  if (Array.isArray(built) || !('output' in built)) throw new Error('One bundle was expected')
  return built.output[0].code
}

export default defineConfig(async () => ({
  root,
  ...source,
  plugins: [
    cloudflareTest({
      miniflare: {
        compatibilityDate,
        serviceBindings: { POLLING_WORKER: 'polling-worker' },
        durableObjects: { JOB_WATCHER: { className: 'JobWatcher', scriptName: 'polling-worker' } },
        workers: [
          {
            name: 'polling-worker',
            modules: true,
            script: await bundle('../src/polling-worker.ts'),
            compatibilityDate,
            durableObjects: { JOB_WATCHER: 'JobWatcher' },
          },
        ],
      },
    }),
  ],
  test: coreSuite('workerd'),
}))
