import { inPage, type Tab } from './tab.ts'

/** Ways and times (epoch ms, by the page's own clock) at which the page became visible again. */
export interface Return {
  readonly how: 'visible' | 'online' | 'from the back/forward cache' | 'loaded anew'
  readonly at: number
}

declare global {
  interface Window {
    /** The list that `watchReturns` fills. */
    returns?: Return[]
  }
}

/** From now on, notes how the page becomes visible again. */
export async function watchReturns(tab: Tab): Promise<void> {
  await inPage(
    tab,
    () => {
      const returns: Return[] = []
      window.returns = returns
      const note = (how: Return['how'], { timeStamp }: Event): void => {
        returns.push({ how, at: performance.timeOrigin + timeStamp })
      }
      window.addEventListener('online', (event) => note('online', event))
      document.addEventListener('visibilitychange', (event) => {
        if (document.visibilityState === 'visible') note('visible', event)
      })
      window.addEventListener('pageshow', (event) => {
        note(event.persisted ? 'from the back/forward cache' : 'loaded anew', event)
      })
    },
    undefined,
  )
}

/** Returns the list of `watchReturns`. After a reload of the page it is empty. */
export function readReturns(tab: Tab): Promise<readonly Return[]> {
  return inPage(
    tab,
    () => window.returns ?? [{ how: 'loaded anew' as const, at: performance.timeOrigin }],
    undefined,
  )
}

/** Returns the time of the page's first status request after a time; epoch ms, by its own clock. */
export function firstRequestSince(tab: Tab, time: number): Promise<number | undefined> {
  return inPage(
    tab,
    (since) =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('/api/jobs/status'))
        .map(({ startTime }) => performance.timeOrigin + startTime)
        .find((startedAt) => startedAt >= since),
    time,
  )
}
