// `npm run mutate`: finds changes of the core that no test notices. Each mutant is run against the tests that reach it, all in one
// process (`scripts/mutation/`).
// `-- --mutate 'packages/core/src/engine/queue/*.ts'` is one folder. Mutants that were tested before are not tested again.

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'core',
  plugins: [new URL('./scripts/mutation/runner.mjs', import.meta.url).href],
  coverageAnalysis: 'perTest',
  mutate: ['packages/core/src/**/*.ts', '!packages/core/src/**/*.{test,d}.ts'],
  // Only the files that the core's tests need, because they are copied for each run.
  ignorePatterns: [
    '**',
    '!packages/core/**',
    '!tsconfig.base.json',
    'packages/core/dist',
    'packages/core/node_modules',
  ],
  // TypeScript 7 has no API for this yet, and the configuration need not be rewritten.
  tsconfigFile: 'none',
  // String literals are not mutated, because another string is another type almost everywhere, or the text of an error.
  mutator: { excludedMutations: ['StringLiteral'] },
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  concurrency: 2,
  timeoutMS: 10_000,
  timeoutFactor: 1,
}
