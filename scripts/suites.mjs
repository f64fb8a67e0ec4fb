// The suites of `npm test` (`here`) and of `npm run test:everywhere` (`everywhere`), in the order in which they run.

/**
 * `minutes` is the limit: a suite that takes longer is ended, which is one failure. If a suite that `isNeeded` fails, the
 * later ones do not run. `reporter` is that of the command; a suite without one passes if its command exits with 0. A suite
 * `byProject` has a row in the table for each of its projects.
 *
 * @typedef {{
 *   name: string,
 *   command: readonly string[],
 *   minutes: number,
 *   reporter?: 'vitest' | 'playwright',
 *   isNeeded?: boolean,
 *   byProject?: boolean,
 * }} Suite
 * @typedef {{ atATime: number, suites: readonly Suite[] }} Stage
 */

/** @type {Suite} */
const packages = { name: 'packages', command: ['node', 'scripts/install.mjs'], minutes: 10, isNeeded: true }

/** @type {Suite} */
const build = {
  name: 'build and types',
  command: ['turbo', 'run', 'build', 'types', '--output-logs=errors-only', '--ui=stream'],
  minutes: 5,
  isNeeded: true,
}

/** Projects that start processes, and wait for them a good deal. */
const inProcesses = ['demo-server', 'demo', 'hub']

/** The other projects of `vitest.config.ts`; `*` stands for the versions of a framework. */
const inNode = [
  'node',
  'react-*',
  'vue-*',
  'preact-*',
  'devtools',
  'share',
  'share-leader',
  'share-follower',
  'share-hub',
  'share-fleet',
  'bench',
  'docs',
  'examples',
  'packaging',
  'security',
]

/** @type {readonly Stage[]} */
export const here = [
  {
    atATime: 1,
    suites: [
      packages,
      { name: 'format', command: ['oxfmt', '--check'], minutes: 2 },
      build,
      { name: 'types of the root', command: ['tsc'], minutes: 2 },
      // After the build because its types are those of the built packages.
      { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'], minutes: 2 },
      {
        name: 'browsers',
        command: ['node', 'tests/browsers/dist/main.js', 'chromium'],
        minutes: 10,
        isNeeded: true,
      },
    ],
  },
  {
    // The pages of the end-to-end tests wait a good deal for time to pass. The longest come first.
    atATime: 2,
    suites: [
      endToEnd(15, ['chromium'], '--grep-invert=@everywhere'),
      byProject('in Node', 15, inNode),
      byProject('processes', 10, inProcesses),
      vitest('simulation', 10, '--project=simulation'),
      vitest('core', 6, '--project=core', '--coverage'),
      vitest('tabs', 5, '--project=tabs'),
    ],
  },
]

/** The other versions of Node, and the driver of WebKit, are for Linux only. */
const isLinux = process.platform === 'linux'
const engines = ['chromium', 'firefox', ...(isLinux ? ['webkit'] : [])]
const runtimes = [...engines, 'workerd', 'deno', 'bun', ...(isLinux ? ['node-22', 'node-24'] : [])]

/** @type {Suite} */
const install = {
  name: 'runtimes',
  command: ['node', '--import', 'tsx', 'tests/runtimes/src/main.ts', '--versions'],
  minutes: 10,
  isNeeded: true,
}

/** @type {readonly Stage[]} */
export const everywhere = [
  { atATime: 1, suites: [packages, build, install] },
  {
    // Each waits a good deal for a page or a process to start.
    atATime: 2,
    suites: [...runtimes.map(runtime), vitest('examples elsewhere', 5, '--project=examples-elsewhere')],
  },
  {
    // Consumers wait a good deal for npm.
    atATime: 2,
    suites: [
      vitest('consumers', 25, '--root=tests/consumers'),
      vitest('site', 10, '--project=site'),
      vitest(
        'other adapters',
        10,
        '--project=svelte',
        '--project=svelte-server',
        '--project=docs-svelte',
        '--project=solid',
        '--project=solid-server',
        '--project=lit',
        '--project=lit-server',
      ),
      vitest('angular', 6, '--project=angular'),
      byProject('query', 6, ['query', 'query-oldest', 'query-chromium']),
      vitest('share alone', 4, '--project=share-alone'),
      vitest('share leader', 4, '--project=share-leader-whole'),
      vitest('share follower', 4, '--project=share-follower-whole'),
      vitest('share hub client', 4, '--project=share-hub-whole'),
      vitest('share fleet', 4, '--project=share-fleet-whole'),
    ],
  },
  {
    // They wait a good deal for pages.
    atATime: 2,
    suites: [
      endToEnd(
        18,
        engines.filter((name) => name !== 'chromium'),
      ),
      vitest('devtools in browsers', 10, '--project=devtools-browsers'),
      vitest('pages', 8, '--root=tests/pages'),
      { ...endToEnd(5, ['chromium'], '--grep=@everywhere'), name: 'e2e over three servers' },
    ],
  },
  {
    // These watch real time, or use all cores.
    atATime: 1,
    suites: [
      {
        name: 'more seeds',
        command: ['node', 'tests/simulation/bin/simulate.mjs', '--seeds', '10000', '--from', '10001'],
        minutes: 6,
      },
      vitest('real-time', 8, '--project=real-time'),
      vitest('fleet', 4, '--project=fleet'),
      vitest('fleet faults', 8, '--project=fleet-faults'),
      vitest('tabs everywhere', 8, '--project=tabs-everywhere'),
      vitest('hub everywhere', 6, '--project=hub-everywhere'),
    ],
  },
]

function vitest(name, minutes, ...options) {
  return { name, command: ['vitest', 'run', ...options], minutes, reporter: 'vitest' }
}

function byProject(name, minutes, projects) {
  return { ...vitest(name, minutes, ...projects.map((project) => `--project=${project}`)), byProject: true }
}

function runtime(name) {
  const command = ['node', '--import', 'tsx', 'tests/runtimes/src/main.ts', name]
  return { name, command, minutes: 12, reporter: 'vitest' }
}

function endToEnd(minutes, projects, ...options) {
  const chosen = projects.map((name) => `--project=${name}`)
  return {
    name: 'e2e',
    command: ['playwright', 'test', '--config=e2e', ...chosen, ...options],
    minutes,
    reporter: 'playwright',
    byProject: true,
  }
}
