import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, CDPSession, Page } from 'playwright'
import * as v from 'valibot'
import type { BrowserCompetitor } from './competitors.ts'
import { cpuOfDescendants } from './process-times.ts'
import type { BrowserRun } from './results.ts'

/** s before the measurement, in which the page is made and its code compiled. */
const WARM_UP = 10
const MB = 1_000_000

const watchSchema = v.object({
  longTasks: v.number(),
  longest: v.number(),
  answered: v.number(),
  changed: v.number(),
  shown: v.number(),
})

const metricsSchema = v.object({ metrics: v.array(v.object({ name: v.string(), value: v.number() })) })

/** Measures one competitor on a page of its own for some seconds. */
export async function measureInBrowser(
  browser: Browser,
  competitor: BrowserCompetitor,
  code: string,
  { seconds, skips }: { readonly seconds: number; readonly skips: boolean },
): Promise<Omit<BrowserRun, 'browser'>> {
  const page = await browser.newPage()
  const cdp =
    browser.browserType().name() === 'chromium' ? await page.context().newCDPSession(page) : undefined
  await cdp?.send('Performance.enable')
  await page.addScriptTag({ content: code })
  await page.evaluate(`bench.watch(); bench.start(${JSON.stringify(competitor)}, ${String(skips)})`)
  await wait(WARM_UP * 1000)

  const before = { watch: await takeWatch(page), cpu: cpuOfDescendants(), metrics: await metricsOf(cdp) }
  await wait(seconds * 1000)
  const [cpu, metrics, watch] = [cpuOfDescendants(), await metricsOf(cdp), await takeWatch(page)]

  const changed = watch.changed - before.watch.changed
  if (watch.shown - before.watch.shown < changed * 0.9)
    throw new Error(`${competitor} did not show its changes`)
  await cdp?.send('HeapProfiler.collectGarbage')
  const heap = (await metricsOf(cdp))?.get('JSHeapUsedSize')
  await page.close()
  const aSecond = (name: string): number | undefined =>
    metrics && before.metrics
      ? (((metrics.get(name) ?? NaN) - (before.metrics.get(name) ?? NaN)) * 1000) / seconds
      : undefined
  return {
    competitor,
    cpu: cpu === undefined || before.cpu === undefined ? undefined : ((cpu - before.cpu) * 1000) / seconds,
    tasks: aSecond('TaskDuration'),
    scripts: aSecond('ScriptDuration'),
    longTasks: (watch.longTasks * 60) / seconds,
    longest: watch.longest,
    refreshes: (watch.answered - before.watch.answered) / seconds,
    heap: heap === undefined ? undefined : heap / MB,
  }
}

async function takeWatch(page: Page): Promise<v.InferOutput<typeof watchSchema>> {
  return v.parse(watchSchema, await page.evaluate('bench.take()'))
}

/** Chromium's own counters. Other browsers have none. */
async function metricsOf(cdp: CDPSession | undefined): Promise<ReadonlyMap<string, number> | undefined> {
  if (cdp === undefined) return undefined
  const { metrics } = v.parse(metricsSchema, await cdp.send('Performance.getMetrics'))
  return new Map(metrics.map(({ name, value }) => [name, value]))
}
