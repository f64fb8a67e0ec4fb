/** What a page tells the worker: the ids that it follows from now on. */
export interface Follow {
  readonly follow: readonly string[]
}

/** What the worker tells the page. */
export type States<Item> = readonly (
  | { readonly id: string; readonly item: Item }
  | { readonly id: string; readonly action: 'delete' }
)[]
