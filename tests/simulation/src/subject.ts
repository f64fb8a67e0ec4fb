import type * as core from '@auto-refresh/core'

/** The part of the package that is put to the test; a build with a planted bug has the same. */
export interface Subject {
  readonly InMemoryAutoRefresh: typeof core.InMemoryAutoRefresh
  readonly until: typeof core.until
  readonly watch: typeof core.watch
}
