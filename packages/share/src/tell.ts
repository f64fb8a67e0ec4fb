import { reportUncaught } from '@auto-refresh/core/adapter'

/** Calls a listener. Reports its throw, or the rejection of what it returns, as the core does (F7, O2). */
export function tell(listener: () => unknown): void {
  try {
    Promise.resolve(listener()).catch(reportUncaught)
  } catch (error) {
    reportUncaught(error)
  }
}
