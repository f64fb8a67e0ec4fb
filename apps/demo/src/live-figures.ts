import type { AutoRefresh, CacheStatus } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import { conditionOf, type Condition } from './cache-condition.ts'
import { readFigures, type CacheFigures } from './cache-figures.ts'
import { CallRate, type RateSource } from './call-rate.ts'
import { findElement } from './find-element.ts'
import { RateChart } from './rate-chart.ts'
import { RunningCalls } from './running-calls.ts'
import { sentenceAbout } from './sentence.ts'
import { setText } from './set-text.ts'
import { showStats } from './show-stats.ts'
import type { Way } from './way.ts'

export const SECONDS_SHOWN = 60
/** ms: the countdown shows tenths of a second. */
const REDRAW_INTERVAL = 200

const CONDITIONS: Readonly<Record<Condition, string>> = {
  stopped: 'Stopped',
  paused: 'Paused',
  hidden: 'Hidden',
  offline: 'Offline',
  running: 'Keeping fresh',
  waiting: 'Waiting for an answer',
  'backing-off': 'Backing off',
  'rate-limited': 'Rate limited',
  outage: 'Outage',
}

/** How the page gets its values, and what counts the requests if no single tab knows them. */
export interface FiguresOf {
  readonly way: Way
  readonly shared: RateSource
}

/**
 * Keeps the rates, the sentence, the condition and the figures up to date. Returns a function that ends that.
 *
 * @param timers What the naive way has sent.
 */
export function showFigures(
  root: ParentNode,
  cache: AutoRefresh<Job>,
  timers: CallRate,
  { way, shared }: FiguresOf,
): () => void {
  const own = new CallRate(SECONDS_SHOWN, Date.now)
  const rate = way === 'alone' ? own : shared
  const running = new RunningCalls(Date.now)
  const page = findElement(root, 'main[data-route="jobs"]', HTMLElement)
  const chart = new RateChart(findElement(page, '#rate-chart', SVGSVGElement), SECONDS_SHOWN)
  const naive = findElement(page, '#naive', HTMLInputElement)
  const badge = findElement(page, '#condition', HTMLElement)
  const figure = (name: string): HTMLElement => findElement(page, `[data-figure="${name}"]`, HTMLElement)
  const outputs = {
    rate: figure('rate'),
    timerRate: figure('timer-rate'),
    scale: figure('scale'),
    sentence: figure('sentence'),
    detail: figure('condition-detail'),
    active: figure('active'),
    inFlight: figure('in-flight'),
    waiting: figure('waiting'),
    backoff: figure('backoff'),
    next: figure('next'),
  }

  const unsubscribe = cache.onEvent((event) => {
    own.record(event)
    running.record(event)
  })

  function redraw(): void {
    const figures = readFigures(cache)
    const { waitingFor } = running
    const status = cache.getStatus()
    const condition = conditionOf(status, { ...figures, waitingFor })
    const next = countdown(figures, status, Date.now())
    const hasTimers = naive.checked
    showStats(page, cache.stats())
    setText(outputs.scale, `${chart.show(rate.history(), timers.history())}/s`)
    setText(outputs.rate, rate.perSecond().toFixed(1))
    setText(outputs.timerRate, hasTimers ? timers.perSecond().toFixed(1) : '–')
    setText(outputs.sentence, sentenceAbout({ ...figures, condition, hasTimers, way }))
    setText(outputs.detail, detailOf(condition, figures, next, waitingFor))
    setText(outputs.active, String(figures.active))
    setText(outputs.inFlight, String(figures.inFlight))
    setText(outputs.waiting, String(figures.waiting))
    setText(outputs.backoff, String(figures.failing))
    setText(outputs.next, next)
    outputs.backoff.classList.toggle('is-stale', figures.failing > 0)
    badge.dataset['condition'] = condition
    setText(badge, CONDITIONS[condition])
  }

  setText(figure('rate-by'), way === 'alone' ? 'by the cache' : 'by all pages together')
  redraw()
  const timer = setInterval(redraw, REDRAW_INTERVAL)
  return () => {
    clearInterval(timer)
    unsubscribe()
  }
}

/** Stands beside the badge, and is not read out because it changes all the time. */
function detailOf(
  condition: Condition,
  { active, failing, runningCalls }: CacheFigures,
  next: string,
  waitingFor: number,
): string {
  const attempt = runningCalls > 0 ? 'asking now' : `asks again in ${next}`
  switch (condition) {
    case 'stopped':
      return 'no panel is mounted'
    case 'paused':
    case 'hidden':
    case 'offline':
      return 'asks for nothing'
    case 'waiting':
      return `for ${(waitingFor / 1000).toFixed(1)} s`
    case 'backing-off':
      return `${failing} of ${active} jobs`
    case 'rate-limited':
    case 'outage':
      return attempt
    default:
      return active === 0 ? 'nothing left to ask' : `${active} jobs`
  }
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
