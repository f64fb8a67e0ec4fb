import type { Turnover } from './turnover.ts'

/** Interface of the page for the program that drives it. */
export interface PageSoak {
  turnover?: Turnover
  begin(size: number, isLeaky: boolean): void
  /** Bytes in use after a forced collection. */
  heap(): Promise<number>
}

declare global {
  var soak: PageSoak
  interface Performance {
    /** Chromium's; precise with its flag `--enable-precise-memory-info`. */
    readonly memory: { readonly usedJSHeapSize: number }
  }
}
