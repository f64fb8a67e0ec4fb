// Stryker's test runner for the core: all tests in this one process, registered once and run again for each mutant. One that
// a test finds soon costs milliseconds; Vitest's own runner takes a second or more to begin.

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { PluginKind, declareClassPlugin } from '@stryker-mutator/api/plugin'
import {
  DryRunStatus,
  TestStatus,
  determineHitLimitReached,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner'
import { createViteServer } from 'vitest/node'
import * as tests from './tests.mjs'

/** 200,000 items, and memory: no mutant is about either. */
const LEFT_OUT_FILES = new Set(['large.test.ts'])

/** It loads the package anew, and whoever loads it here, in the same process, sets timers. */
const LEFT_OUT_TEST = /importing adds nothing to the globals/

/** Slow tests of one file: they are not run for the mutants of others. */
const ABOUT_ONE = [
  { test: /^test\/deep-equals\.test\.ts#/, file: 'deep-equals.ts' },
  { test: /an answer without an end/, file: 'responses.ts' },
]

/** A mutant that one test meets so much more often than the whole suite meets what it replaces never ends. */
const MORE_HITS = 100_000

/** ms without any event after which an unfinished test counts as endless. */
const IDLE = 600

/** With this status Stryker runs the mutant again in another process. */
const SPOILT = 'a mutant left something behind in this process'

/** Makes the tests' import of `vitest` find this very instance. */
const SHARED = Symbol.for('tests of the core')

// A test may replace the globals.
const { setImmediate, setInterval, clearInterval } = globalThis

/** The object that Stryker's instrumentation of the core reads. */
const { ['__stryker__']: instrumentation = {} } = globalThis
Object.assign(globalThis, { ['__stryker__']: instrumentation, [SHARED]: tests })

class CoreTestRunner {
  #tests
  #server
  /** The ids of the tests that failed for earlier mutants, the latest first: neighbours mostly fail the same. */
  #killers = new Set()
  /** No mutant was run in this process yet. */
  #isFresh = true
  /** A mutant left something behind that makes tests fail: this process is of no use any more. */
  #isSpoilt = false
  /** Errors that no code caught. */
  #uncaught = []

  capabilities() {
    // Loaded modules stay. For a mutant of a module's loading Stryker starts another process.
    return { reloadEnvironment: false }
  }

  async dryRun() {
    await this.#load()
    const results = []
    for (const test of this.#tests.values()) {
      instrumentation.currentTestId = test.id
      results.push(await this.#result(test))
      instrumentation.currentTestId = undefined
    }
    return { status: DryRunStatus.Complete, tests: results, mutantCoverage: instrumentation.mutantCoverage }
  }

  async mutantRun({ activeMutant, mutantActivation, hitLimit, testFilter, disableBail, sandboxFileName }) {
    if (this.#isSpoilt) throw new Error(SPOILT)
    // Stryker's limit is a hundred times what the whole suite meets.
    instrumentation.hitLimit = hitLimit === undefined ? undefined : hitLimit / 100 + MORE_HITS
    instrumentation.hitCount = 0
    if (mutantActivation === 'static') instrumentation.activeMutant = activeMutant.id
    try {
      await this.#load()
    } catch (error) {
      return { status: 'killed', killedBy: [], failureMessage: String(error), nrOfTests: 0 }
    }
    instrumentation.activeMutant = activeMutant.id
    const isFresh = this.#isFresh
    this.#isFresh = false
    const results = []
    for (const test of this.#ordered(testFilter, sandboxFileName)) {
      instrumentation.hitCount = 0
      const result = await this.#result(test)
      results.push(result)
      if (result.status !== TestStatus.Failed) continue
      this.#killers = new Set([test.id, ...this.#killers])
      if (!disableBail) break
    }
    const { hitCount } = instrumentation
    instrumentation.activeMutant = undefined
    // Effects of an earlier mutant must not count against this one.
    const failed = results.find(({ status }) => status === TestStatus.Failed)
    this.#isSpoilt =
      failed !== undefined && (await this.#result(this.#tests.get(failed.id))).status === TestStatus.Failed
    if (this.#isSpoilt && !isFresh) throw new Error(SPOILT)
    const endless = determineHitLimitReached(hitCount, instrumentation.hitLimit)
    return toMutantRunResult(endless ?? { status: DryRunStatus.Complete, tests: results })
  }

  async dispose() {
    await this.#server?.close()
  }

  async #load() {
    if (this.#tests !== undefined) return
    for (const event of ['uncaughtException', 'unhandledRejection']) {
      process.on(event, (error) => this.#uncaught.push(error))
    }
    const root = path.resolve('packages/core')
    this.#server = await createServer(root)
    for (const setUp of ['test/short-properties.ts', 'test/stray-reports.ts'])
      await this.#server.ssrLoadModule(path.join(root, setUp))
    const found = new Map()
    for (const file of await testFiles(root)) {
      await tests.collect(found, file, () => this.#server.ssrLoadModule(path.join(root, file)))
    }
    for (const id of found.keys()) if (LEFT_OUT_TEST.test(id)) found.delete(id)
    this.#tests = found
  }

  #ordered(wanted, mutated) {
    const ids = new Set(wanted ?? this.#tests.keys())
    for (const id of ids) {
      if (ABOUT_ONE.some(({ test, file }) => test.test(id) && !mutated.endsWith(file))) ids.delete(id)
    }
    const first = [...this.#killers].filter((id) => ids.has(id))
    return [...new Set([...first, ...ids])].map((id) => this.#tests.get(id))
  }

  async #result(test) {
    const start = performance.now()
    this.#uncaught = []
    let failure
    try {
      await settled(tests.run(test))
      // Unhandled rejections are reported after the microtasks.
      await new Promise((resolve) => setImmediate(resolve))
      ;[failure] = this.#uncaught
    } catch (error) {
      failure = error ?? new Error('undefined was thrown')
    }
    const { id } = test
    const fileName = path.resolve('packages/core', id.slice(0, id.indexOf('#')))
    const result = { id, name: id, fileName, timeSpentMs: performance.now() - start }
    if (failure === undefined) return { ...result, status: TestStatus.Success }
    return { ...result, status: TestStatus.Failed, failureMessage: String(failure.message ?? failure) }
  }
}

/** Creates the server that loads the core, as Stryker has instrumented it, and its tests. */
function createServer(root) {
  const standIn = '/@tests'
  const source = `export const { ${Object.keys(tests).join(', ')} } = globalThis[Symbol.for('${SHARED.description}')]`
  return createViteServer({
    root,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    oxc: { target: 'node20' },
    resolve: {
      alias: [
        { find: /^vitest$/, replacement: standIn },
        { find: /^@auto-refresh\/core$/, replacement: path.join(root, 'src/index.ts') },
        { find: /^@auto-refresh\/core\/adapter$/, replacement: path.join(root, 'src/adapter.ts') },
        { find: /^@auto-refresh\/core\/testing$/, replacement: path.join(root, 'src/testing/index.ts') },
      ],
    },
    plugins: [
      {
        name: 'tests',
        enforce: 'pre',
        resolveId: (id) => (id === standIn ? id : undefined),
        load: (id) => (id === standIn ? source : undefined),
      },
    ],
  })
}

async function testFiles(root) {
  const found = []
  for (const folder of ['src', 'test']) {
    const names = await readdir(path.join(root, folder), { recursive: true })
    found.push(...names.filter((name) => name.endsWith('.test.ts')).map((name) => path.join(folder, name)))
  }
  return found.filter((file) => !LEFT_OUT_FILES.has(path.basename(file))).toSorted()
}

/** Rejects if the promise cannot settle any more, because the process has nothing to do. */
function settled(promise) {
  return new Promise((resolve, reject) => {
    let last = performance.eventLoopUtilization()
    let idle = 0
    const watch = setInterval(() => {
      const { utilization } = performance.eventLoopUtilization(last)
      last = performance.eventLoopUtilization()
      idle = utilization < 0.1 ? idle + 1 : 0
      if (idle < 3) return
      clearInterval(watch)
      reject(new Error('the test waits for ever'))
    }, IDLE / 3)
    const end = () => clearInterval(watch)
    promise.then(end, end)
    promise.then(resolve, reject)
  })
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'core', CoreTestRunner)]
