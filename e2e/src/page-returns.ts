import { inPage, type Tab } from './tab.ts'

/** How and when (epoch ms, by the page's own clock) the page came back to somebody who looks at it. */
export interface Return {
  readonly how: 'visible' | 'online' | 'from the back/forward cache' | 'loaded anew'
  readonly at: number
}

declare global {
  interface Window {
    /** What `watchReturns` notes. */
    returns?: Return[]
  }
}

/** Notes from now on how the page comes back. */
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

/** What `watchReturns` has noted; a page that was loaded anew knows of nothing else. */
export function readReturns(tab: Tab): Promise<readonly Return[]> {
  return inPage(
    tab,
    () => window.returns ?? [{ how: 'loaded anew' as const, at: performance.timeOrigin }],
    undefined,
  )
}

/** When the page began its first status request since a moment; epoch ms, by its own clock. */
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
