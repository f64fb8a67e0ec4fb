/**
 * Why a member is alone. `leader-deaf`: it beats, and answers nothing. `stream-held`: streams of the hub bring nothing, or all of
 * it late, because something on the way buffers them.
 */
export type AloneReason =
  | 'no-transport'
  | 'no-leader'
  | 'leader-silent'
  | 'leader-deaf'
  | 'other-version'
  | 'stream-held'
