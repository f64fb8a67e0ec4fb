/** What the page under a strict policy says of itself. */
export interface PolicyReport {
  /** What was shown at last. */
  readonly shown: string | undefined
  readonly steps: number
  /** What the browser forbade while the library worked, and then when something evil was tried. */
  readonly violations: readonly string[]
  readonly evilViolations: readonly string[]
}

declare global {
  // What the test waits for.
  var policyReport: PolicyReport | undefined
}
