import type { AutoRefresh } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import { CacheCondition, type Condition } from './cache-condition.ts'
import { readFigures, type CacheFigures } from './cache-figures.ts'
import { CallRate } from './call-rate.ts'
import { findElement } from './find-element.ts'
import { INTERVAL } from './job-cache.ts'
import { RateChart } from './rate-chart.ts'

const SECONDS_SHOWN = 60
/** ms: the countdown shows tenths of a second. */
const REDRAW_INTERVAL = 200

const CONDITIONS: Readonly<Record<Condition, string>> = {
  stopped: 'Stopped',
  running: 'Keeping fresh',
  paused: 'Paused: page hidden or offline',
  outage: 'Outage: one probe at a time',
}

/** Keeps the strip of live figures up to date. Returns a function that ends that. */
export function showFigures(root: ParentNode, cache: AutoRefresh<Job>): () => void {
  const rate = new CallRate(SECONDS_SHOWN, Date.now)
  const condition = new CacheCondition()
  const chart = new RateChart(findElement(root, '#rate-chart', SVGSVGElement), SECONDS_SHOWN)
  const pill = findElement(root, '#condition', HTMLElement)
  const figure = (name: string): HTMLElement => findElement(root, `[data-figure="${name}"]`, HTMLElement)
  const outputs = {
    rate: figure('rate'),
    scale: figure('scale'),
    comparison: figure('comparison'),
    active: figure('active'),
    inFlight: figure('in-flight'),
    waiting: figure('waiting'),
    failing: figure('failing'),
    next: figure('next'),
  }

  const unsubscribe = cache.onEvent((event) => {
    rate.record(event)
    condition.record(event)
  })

  function redraw(): void {
    const figures = readFigures(cache)
    setText(outputs.scale, `last minute, up to ${chart.show(rate.history())}/s`)
    setText(outputs.rate, rate.perSecond().toFixed(1))
    setText(outputs.comparison, compare(figures))
    setText(outputs.active, String(figures.active))
    setText(outputs.inFlight, String(figures.inFlight))
    setText(outputs.waiting, String(figures.waiting))
    setText(outputs.failing, String(figures.failing))
    setText(outputs.next, countdown(figures, Date.now()))
    outputs.failing.classList.toggle('is-bad', figures.failing > 0)
    if (pill.dataset['condition'] !== condition.current) {
      pill.dataset['condition'] = condition.current
      pill.textContent = CONDITIONS[condition.current]
    }
  }

  redraw()
  const timer = setInterval(redraw, REDRAW_INTERVAL)
  return () => {
    clearInterval(timer)
    unsubscribe()
  }
}

function compare({ active, syncCalls, refreshedItems }: CacheFigures): string {
  if (active > 0) {
    const each = ((active * 1000) / INTERVAL).toLocaleString('en')
    return `One request for each job would be ${each} a second`
  }
  if (syncCalls === 0) return 'Submit some renders, and watch'
  return `Nothing left to ask: ${refreshedItems.toLocaleString('en')} refreshes took ${syncCalls} requests`
}

function countdown({ inFlight, nextRefreshAt }: CacheFigures, now: number): string {
  if (inFlight > 0) return 'now'
  if (nextRefreshAt === undefined) return '–'
  // What is due and waits, waits for a slot or, in an outage, for the next probe.
  return nextRefreshAt <= now ? 'due' : `${((nextRefreshAt - now) / 1000).toFixed(1)} s`
}

/** Text that is set again is read out again. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
