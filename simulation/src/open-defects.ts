/**
 * Defects that the simulation has found and that are not mended yet. The checks look past them, so that others are found.
 * Each has a script in `kept/open/` that shows it; take the entry out together with the mending, and move the script to
 * `kept/`.
 */
export type Defect =
  /** O1: the end of a call that a stop has aborted, or of an earlier incarnation, makes new snapshots; nothing in them is new. */
  | 'dead-call-touches-snapshots'
  /** O1: what `createBatches` was asked about gets new snapshots, and nothing in them is new. */
  | 'divided-batches-touch-snapshots'
  /** O2: a batch window that ends because a batch is full tells subscribers who did not ask for activity. */
  | 'full-window-tells-everybody'
  /**
   * S3, S4, O6: an item that is marked while an aborted call holds it goes with that call, and its id stays held: an item
   * that is created under it later is never refreshed.
   */
  | 'marked-in-dead-call-holds-its-id'
  /** `nextRefreshAt` of an item that joins others of the same due time is told by the wall clock as it was for them. */
  | 'cohort-keeps-the-first-wall-clock'

export const openDefects: ReadonlySet<Defect> = new Set<Defect>([])
