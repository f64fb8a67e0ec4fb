import { defineConfig } from 'vitest/config'
import { conformance } from './test/conformance/config.ts'

const resolve = { conditions: ['@auto-refresh/source'] }
// Generous, because the limit is about a busy machine and not about the library.
const test = { testTimeout: 120_000, hookTimeout: 120_000 }

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr: { resolve },
        test: {
          ...test,
          name: 'share',
          include: [
            'src/**/*.test.ts',
            'test/*.test.ts',
            'test/{conformance,fleet,hub,simulation}/*.test.ts',
          ],
          isolate: false,
          pool: 'threads',
        },
      },
      // The whole contract of the core over each role is left to `npm run test:everywhere`.
      conformance('alone'),
      conformance('leader', 'leader-whole'),
      conformance('follower', 'follower-whole'),
      conformance('hub', 'hub-whole'),
      conformance('fleet', 'fleet-whole'),
      conformance('leader', 'leader', 'equality refresh retain subscribe-create watch writing'),
      conformance('follower', 'follower', 'events ids-observer watch'),
      conformance('hub', 'hub', 'events watch'),
      // Hubs in processes of their own: in Node here, in Deno and Bun by `npm run test:everywhere`.
      ...['hub', 'hub-everywhere'].map((name) => ({
        resolve,
        ssr: { resolve },
        test: {
          ...test,
          name,
          include: name === 'hub' ? ['test/hub/real/hub.test.ts'] : ['test/hub/real/*-everywhere.test.ts'],
          fileParallelism: false,
        },
      })),
      conformance('fleet', 'fleet', 'watch'),
      // Real tabs. The second takes its time, and so is left to `npm run test:everywhere`.
      ...['tabs', 'tabs-everywhere'].map((name) => ({
        resolve,
        ssr: { resolve },
        test: {
          ...test,
          name,
          include: name === 'tabs' ? ['test/tabs/tabs.test.ts'] : ['test/tabs/*-everywhere.test.ts'],
          globalSetup: ['@auto-refresh/browsers/global-setup'],
          fileParallelism: false,
        },
      })),
    ],
  },
})
