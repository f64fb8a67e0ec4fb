import type { AutoRefresh, ItemId } from '@auto-refresh/core'

export interface Job {
  readonly progress: number
}

/** What a page of rows is made of, and what is counted in it. */
export interface RowsOptions {
  readonly container: Element
  readonly cache: AutoRefresh<Job>
  readonly ids: readonly ItemId[]
  /** To be called by each component when it is rendered. */
  readonly onRender: () => void
  /** To be called by each component when its change is in the page. */
  readonly onCommit: () => void
}

/** The two ways to show many items. */
export interface Framework {
  /** A component a row, each with `useAutoRefreshItem`. */
  readonly mountRows: (options: RowsOptions) => void
  /** One component with `useAutoRefreshItems`. */
  readonly mountList: (options: RowsOptions) => void
}
