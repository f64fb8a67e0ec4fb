import type { AutoRefresh, CacheStatus } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import { conditionOf, type Condition } from './cache-condition.ts'
import { readFigures, type CacheFigures } from './cache-figures.ts'
import { CallRate } from './call-rate.ts'
import { findElement } from './find-element.ts'
import { INTERVAL } from './job-cache.ts'
import { RateChart } from './rate-chart.ts'
import { setText } from './set-text.ts'
import { showStats } from './show-stats.ts'

export const SECONDS_SHOWN = 60
/** ms: the countdown shows tenths of a second. */
const REDRAW_INTERVAL = 200

const CONDITIONS: Readonly<Record<Condition, string>> = {
  stopped: 'Stopped: nobody looks',
  paused: 'Paused',
  hidden: 'Paused: the page is hidden',
  offline: 'Paused: offline',
  running: 'Keeping fresh',
  retrying: 'All failing: retrying',
  outage: 'Outage: one probe at a time',
}

/**
 * Keeps the strip of live figures up to date. Returns a function that ends that.
 *
 * @param timers What the naive way has sent.
 */
export function showFigures(root: ParentNode, cache: AutoRefresh<Job>, timers: CallRate): () => void {
  const rate = new CallRate(SECONDS_SHOWN, Date.now)
  const chart = new RateChart(findElement(root, '#rate-chart', SVGSVGElement), SECONDS_SHOWN)
  const naive = findElement(root, '#naive', HTMLInputElement)
  const pill = findElement(root, '#condition', HTMLElement)
  const strip = findElement(root, '.figures', HTMLElement)
  const figure = (name: string): HTMLElement => findElement(strip, `[data-figure="${name}"]`, HTMLElement)
  const outputs = {
    rate: figure('rate'),
    timerRate: figure('timer-rate'),
    scale: figure('scale'),
    comparison: figure('comparison'),
    active: figure('active'),
    inFlight: figure('in-flight'),
    waiting: figure('waiting'),
    backoff: figure('backoff'),
    next: figure('next'),
  }

  const unsubscribe = cache.onEvent((event) => rate.record(event))

  function redraw(): void {
    const figures = readFigures(cache)
    const status = cache.getStatus()
    const condition = conditionOf(status, figures)
    showStats(strip, cache.stats())
    setText(outputs.scale, `last minute, up to ${chart.show(rate.history(), timers.history())}/s`)
    setText(outputs.rate, rate.perSecond().toFixed(1))
    setText(outputs.timerRate, naive.checked ? timers.perSecond().toFixed(1) : '–')
    setText(outputs.comparison, compare(figures, condition, naive.checked))
    setText(outputs.active, String(figures.active))
    setText(outputs.inFlight, String(figures.inFlight))
    setText(outputs.waiting, String(figures.waiting))
    setText(outputs.backoff, String(figures.failing))
    setText(outputs.next, countdown(figures, status, Date.now()))
    outputs.backoff.classList.toggle('is-bad', figures.failing > 0)
    if (pill.dataset['condition'] !== condition) {
      pill.dataset['condition'] = condition
      pill.textContent = CONDITIONS[condition]
    }
  }

  redraw()
  const timer = setInterval(redraw, REDRAW_INTERVAL)
  return () => {
    clearInterval(timer)
    unsubscribe()
  }
}

function compare(
  { active, syncCalls, refreshedItems }: CacheFigures,
  condition: Condition,
  isMeasured: boolean,
): string {
  if (condition === 'stopped') return 'No panel is mounted: the cache asks nothing'
  if (active > 0) {
    if (isMeasured) return 'Both ways ask for the same jobs, and are counted as sent'
    const each = ((active * 1000) / INTERVAL).toLocaleString('en')
    return `One timer per job would send about ${each} requests per second. Turn it on to compare`
  }
  if (syncCalls === 0) return 'Submit some renders, and watch'
  return `Nothing left to ask: ${refreshedItems.toLocaleString('en')} refreshes took ${syncCalls} requests`
}

function countdown(
  { runningCalls, nextRefreshAt }: CacheFigures,
  { state, retryAt }: CacheStatus,
  now: number,
): string {
  if (runningCalls > 0) return 'now'
  // In an outage jobs that are due wait for the next probe.
  const next = retryAt ?? nextRefreshAt
  if (next === undefined || state === 'stopped') return '–'
  return next <= now ? 'due' : `${((next - now) / 1000).toFixed(1)} s`
}
