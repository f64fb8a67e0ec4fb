/** A run as plain data: the same script is the same run, to the last call. */
export interface Script {
  readonly seed: number
  readonly options: ScriptOptions
  /** What `random` returns, in turn. */
  readonly random: readonly number[]
  /** What the interval function returns, in turn, where `options.interval` is `function`. */
  readonly intervals: readonly (number | 'throws')[]
  /** What the backend does, call for call, in turn. */
  readonly answers: readonly Answer[]
  /** What the application does inside its callbacks, callback for callback, in turn. */
  readonly reactions: readonly (Reaction | null)[]
  /** Whether it writes also where the cache is in the middle of a write, or of the start of a call. */
  readonly isWild: boolean
  readonly steps: readonly Step[]
  /** How the run ends. `heal`: the backend is well again; `poison`: well, but for every call with this id in it. */
  readonly ending: { readonly kind: 'heal' } | { readonly kind: 'poison'; readonly id: string }
}

export interface ScriptOptions {
  readonly interval: number | 'function'
  readonly coalesce?: number
  readonly batchSize?: number
  readonly parallelism?: number
  readonly rateLimit?: { readonly calls: number; readonly per: number; readonly burst?: number }
  readonly syncOnCreate?: boolean
  readonly batchWindow?: number
  readonly timeout?: number
  readonly retry?: { readonly factor?: number; readonly maxDelay?: number; readonly jitter?: number }
  readonly jitter?: number
  readonly missing?: 'unchanged' | 'fail' | 'delete'
  readonly equality?: 'reference' | 'own'
  readonly capacity?: number
  readonly terminalTtl?: number
  readonly maxAge?: number
  readonly refreshUnobserved?: boolean
  readonly gcTime?: number
  readonly refreshWhenHidden?: boolean
  readonly refreshWhenOffline?: boolean
  readonly batches?: 'pairs' | 'all' | 'leaves-out' | 'twice-and-unknown' | 'throws'
  /** Whether somebody listens to events all the time. */
  readonly eventsHeard: boolean
}

/** A value of the application. `bad`: its callbacks throw when they see it. */
export interface Item {
  readonly v: number
  readonly terminal?: true
  readonly bad?: true
}

export type Op =
  | { readonly op: 'start' | 'abort'; readonly signal?: number }
  | { readonly op: 'stop' | 'retain' | 'release' | 'listen' | 'unlisten' | 'stats' }
  | {
      readonly op:
        | 'get'
        | 'getOrThrow'
        | 'delete'
        | 'deleteDelayed'
        | 'refresh'
        | 'inProcessing'
        | 'watch'
        | 'unsubscribe'
        | 'leave'
      readonly id: string
    }
  | { readonly op: 'create' | 'update'; readonly id: string; readonly item: Item }
  | { readonly op: 'subscribe'; readonly id: string; readonly activity: boolean }
  | { readonly op: 'until'; readonly id: string; readonly condition: 'terminal' | 'high' | 'throws' }
  | { readonly op: 'ingest'; readonly ids: readonly string[]; readonly says: readonly Verdict[] }
  | { readonly op: 'page'; readonly visible: boolean; readonly online: boolean }

export interface Reaction {
  readonly ops: readonly Op[]
  readonly throws: boolean
}

/** What the backend says of one id. */
export interface Verdict {
  readonly say:
    | 'update'
    | 'same'
    | 'unchanged'
    | 'delete'
    | 'fail'
    | 'omit'
    | 'null'
    | 'no-item'
    | 'bad-action'
    | 'twice'
    | 'foreign'
  readonly item?: Item
  readonly validator?: number
  readonly retryAfter?: number
}

export interface Answer {
  /** ms; `now`: it returns; `turn`: its promise is settled at once; `never`. */
  readonly after: number | 'now' | 'turn' | 'never'
  readonly how: 'entries' | 'fails' | 'string' | 'nothing' | 'halfway' | 'lazy'
  readonly retryAfter?: number
  /** Given to the items of the batch in turn. */
  readonly says: readonly Verdict[]
}

export type Step =
  | { readonly do: 'act'; readonly ops: readonly Op[] }
  /** Time passes; timers fire when they are due. */
  | { readonly do: 'advance'; readonly ms: number }
  /** Time passes, and whatever was due fires late, at the end. */
  | { readonly do: 'freeze'; readonly ms: number }
  /** The machine sleeps: the wall clock moves, the monotonic one stands. */
  | { readonly do: 'sleep'; readonly ms: number }
  /** Somebody sets the wall clock. */
  | { readonly do: 'set-wall'; readonly by: number }

/** JSON has no `Infinity` and no `NaN`. */
export function toJson(script: Script): string {
  return JSON.stringify(
    script,
    (_key, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? `#${value}` : value),
    1,
  )
}

export function fromJson(text: string): Script {
  // A script is written by toJson alone.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'string' && /^#-?(Infinity|NaN)$/.test(value) ? Number(value.slice(1)) : value,
  ) as Script
}
