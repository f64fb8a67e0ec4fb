/** The listing in `docs/semantics.md` and the package's types are the same: compiled with the snippets. */
import type * as contract from 'contract'
import type * as core from '@auto-refresh/core'

interface Job {
  readonly state: string
}

/** True where every `Left` is a `Right`. */
type Fits<Left extends Right, Right> = Left extends Right ? true : never

export type Checks = [
  Fits<core.InMemoryAutoRefresh<Job>, contract.AutoRefresh<Job>>,
  Fits<core.AutoRefresh<Job>, contract.AutoRefresh<Job>>,
  Fits<contract.AutoRefresh<Job>, core.AutoRefresh<Job>>,
  Fits<contract.AutoRefreshOptions<Job>, core.AutoRefreshOptions<Job>>,
  Fits<core.ItemSnapshot<Job>, contract.ItemSnapshot<Job>>,
  Fits<contract.SyncResponse<Job>, core.SyncResponse<Job>>,
  Fits<contract.Clock, core.Clock>,
  Fits<core.Clock, contract.Clock>,
  Fits<contract.Environment, core.Environment>,
  Fits<core.Environment, contract.Environment>,
  Fits<core.AutoRefreshError['code'], contract.AutoRefreshError['code']>,
  Fits<contract.AutoRefreshError['code'], core.AutoRefreshError['code']>,
  Fits<keyof core.AutoRefreshOptions<Job>, keyof contract.AutoRefreshOptions<Job>>,
  Fits<typeof core.until, typeof contract.until>,
  Fits<typeof core.watch, typeof contract.watch>,
]
