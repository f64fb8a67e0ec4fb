// `npm run mutate`: what of the core no test would miss. Each mutant is run against the tests that reach it, all in one
// process (`scripts/mutation/`).
// `-- --mutate 'packages/core/src/engine/queue/*.ts'` is one folder; what was tested before is not tested again.

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'core',
  plugins: [new URL('./scripts/mutation/runner.mjs', import.meta.url).href],
  coverageAnalysis: 'perTest',
  mutate: ['packages/core/src/**/*.ts', '!packages/core/src/**/*.{test,d}.ts'],
  // What the core's tests need, and nothing else: it is copied for each run.
  ignorePatterns: [
    '**',
    '!packages/core/**',
    '!tsconfig.base.json',
    'packages/core/dist',
    'packages/core/node_modules',
  ],
  // TypeScript 7 has no API for this yet; nothing of the configuration has to be rewritten.
  tsconfigFile: 'none',
  // Another string is another type almost everywhere, or the text of an error.
  mutator: { excludedMutations: ['StringLiteral'] },
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  concurrency: 2,
  timeoutMS: 10_000,
  timeoutFactor: 1,
}
