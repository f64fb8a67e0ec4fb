import { inPage, type Tab } from './tab.ts'

declare global {
  interface Window {
    /** What `watchLayout` has added up. */
    layoutShift?: number
  }

  interface PerformanceEntry {
    readonly value?: number
    readonly hadRecentInput?: boolean
  }
}

/** Adds up from now on by how much what nobody touched moves (Chromium). */
export async function watchLayout(tab: Tab): Promise<void> {
  await inPage(
    tab,
    () => {
      window.layoutShift = 0
      new PerformanceObserver((list) => {
        for (const { value = 0, hadRecentInput = false } of list.getEntries()) {
          if (!hadRecentInput) window.layoutShift = (window.layoutShift ?? 0) + value
        }
      }).observe({ type: 'layout-shift' })
    },
    undefined,
  )
}

/** The share of what was seen times how far it moved; 0 if nothing did. */
export function layoutShift(tab: Tab): Promise<number> {
  return inPage(tab, () => window.layoutShift ?? NaN, undefined)
}
