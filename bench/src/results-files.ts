import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { BENCH } from './machine.ts'
import { browserResultsSchema, type BrowserResults } from './browser/results.ts'
import { browserTable } from './report/browser-table.ts'
import { chart } from './report/chart.ts'
import { report } from './report/report.ts'
import { resultsSchema, type Results } from './results.ts'

const RESULTS = path.join(BENCH, 'results.json')
const BROWSER_RESULTS = path.join(BENCH, 'browser-results.json')
const REASONS = path.join(BENCH, 'reasons.json')

export function readResults(): Results {
  return v.parse(resultsSchema, readJson(RESULTS))
}

export function writeResults(results: Results): void {
  writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`)
}

export function writeBrowserResults(results: BrowserResults): void {
  writeFileSync(BROWSER_RESULTS, `${JSON.stringify(results, undefined, 2)}\n`)
}

/** Writes the page and the chart. */
export function writeReport(results: Results): void {
  const reasons = v.parse(v.record(v.string(), v.string()), readJson(REASONS))
  const browsers = existsSync(BROWSER_RESULTS)
    ? browserTable(v.parse(browserResultsSchema, readJson(BROWSER_RESULTS)))
    : undefined
  writeFileSync(path.join(BENCH, 'RESULTS.md'), report(results, reasons, browsers))
  writeFileSync(path.join(BENCH, 'chart.svg'), chart(results))
}

function readJson(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}
