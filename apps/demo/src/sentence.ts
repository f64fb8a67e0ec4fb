import type { CacheFigures } from './cache-figures.ts'
import type { Condition } from './cache-condition.ts'
import type { Way } from './way.ts'

/** Facts that the sentence is about. */
export interface Scene extends Pick<CacheFigures, 'active' | 'failing' | 'syncCalls' | 'refreshedItems'> {
  readonly condition: Condition
  readonly way: Way
  /** True if one timer per job runs beside the cache. */
  readonly hasTimers: boolean
}

const SHARED: Readonly<Record<Way, string>> = {
  alone: '',
  tabs: ', in all tabs of this browser',
  hub: ', in all browsers',
}

/** Says what is seen, in a sentence or two. */
export function sentenceAbout(scene: Scene): string {
  const { active, condition, hasTimers, way } = scene
  if (active === 0) return describeRest(scene)
  const jobs = active === 1 ? '1 job' : `${active} jobs`
  if (condition !== 'running' && condition !== 'waiting') {
    const timers = hasTimers ? ' The timers go on as if nothing had happened.' : ''
    return `${describeTrouble(scene, jobs)}${timers}`
  }
  const cache = `The cache keeps ${jobs} fresh in React, Vue and Preact by one request per second for all of them${SHARED[way]}.`
  return hasTimers
    ? `${cache} One timer per job, running beside it, asks for each of them apart.`
    : `${cache} One timer per job would send ${active}: switch it on to see.`
}

function describeRest({ condition, syncCalls, refreshedItems }: Scene): string {
  if (condition === 'stopped') return 'No panel is mounted, so nobody looks, and the cache asks for nothing.'
  if (syncCalls === 0) return 'There is no unfinished job to ask for. Submit some renders, and watch.'
  const refreshes = refreshedItems.toLocaleString('en')
  const calls = syncCalls.toLocaleString('en')
  return `All jobs are finished, so nobody asks. The cache refreshed jobs ${refreshes} times, by ${calls} requests.`
}

function describeTrouble({ condition, active, failing }: Scene, jobs: string): string {
  switch (condition) {
    case 'stopped':
      return 'No panel is mounted, so nobody looks, and the cache asks for nothing.'
    case 'paused':
      return `The cache is paused: it asks for none of ${jobs} until you resume it.`
    case 'hidden':
      return 'The page is hidden: the cache asks for nothing until somebody looks again.'
    case 'offline':
      return 'The browser is offline: the cache asks for nothing until it is back.'
    case 'rate-limited':
      return `The farm has asked for less. With all of ${jobs}, the cache waits at least as long as it was told to.`
    case 'outage':
      return `Nothing succeeds. Instead of ${jobs}, the cache tries one, with growing pauses, until one succeeds.`
    default:
      return failing === active
        ? `The last refresh of ${jobs} failed. The cache tries again, more and more slowly.`
        : `${failing} of ${jobs} could not be refreshed: the cache tries ${failing === 1 ? 'it' : 'them'} apart. The others stay fresh.`
  }
}
