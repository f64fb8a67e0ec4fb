/** Report of the page under a strict policy. */
export interface PolicyReport {
  /** Text on the page at the end. */
  readonly shown: string | undefined
  readonly steps: number
  /** Violations while the library worked, and then those of the forbidden attempt. */
  readonly violations: readonly string[]
  readonly evilViolations: readonly string[]
}

declare global {
  // The test waits for this.
  var policyReport: PolicyReport | undefined
}
