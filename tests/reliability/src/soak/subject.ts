import type { TurnoverReport } from './turnover.ts'

/** The place where items come and go: this process, or a page. */
export interface Subject extends AsyncDisposable {
  readonly name: string
  start(): Promise<void>
  /** Bytes in use after a forced collection. */
  heap(): Promise<number>
  report(grace?: number): Promise<TurnoverReport>
  stop(): Promise<void>
}
