/** A run as plain data: the same script is always the same run, to the last call. */
export interface Script {
  readonly seed: number
  /** `users`: few ids, every method, strange answers. `field`: many items, a source that fails, minutes of time. */
  readonly kind: 'users' | 'field'
  readonly options: ScriptOptions
  /** `window`: the default environment over a scripted window, document and navigator. */
  readonly platform: 'virtual' | 'window'
  /** `still`: the monotonic clock never moves (fake timers). `io`: it moves only when an answer arrives or somebody acts. */
  readonly clock: 'normal' | 'still' | 'io'
  /** Results of `random`, used in turn; `seeded`: drawn from the seed. */
  readonly random: readonly number[] | 'seeded'
  /** Results of the interval function, used in turn, if `options.interval` is `function`. */
  readonly intervals: readonly (number | 'throws')[]
  /** Deviations of the backend's answers from the truth, one per call, used in turn. Empty: none. */
  readonly answers: readonly Answer[]
  /** Actions of the application inside its callbacks, one per callback, used in turn. */
  readonly reactions: readonly (Reaction | null)[]
  readonly steps: readonly Step[]
}

export interface ScriptOptions {
  readonly interval: number | 'function'
  readonly batchSize?: number
  readonly concurrency?: number
  readonly syncOnCreate?: boolean
  readonly batchWindow?: number
  readonly timeout?: number
  readonly retry?: { readonly factor?: number; readonly maxDelay?: number; readonly jitter?: number }
  readonly jitter?: number
  readonly missing?: 'unchanged' | 'fail' | 'delete'
  readonly equality?: 'reference' | 'own'
  readonly gcTime?: number
  readonly refreshWhenHidden?: boolean | number
  readonly refreshWhenOffline?: boolean | number
  readonly lru?: number
  readonly expiry?: { readonly maxAge?: number; readonly terminalTtl?: number }
  readonly rateLimit?: { readonly calls: number; readonly per: number; readonly burst?: number }
  /** `regions`: by the first letter of the id, in chunks of `batchSize`. */
  readonly batches?: 'regions' | 'pairs' | 'leaves-out' | 'twice-and-unknown' | 'throws'
  /** A policy whose hooks try to change the cache. */
  readonly meddler?: boolean
}

/** A value. Each one has its own `v` per id: the backend's version, or the number of a local write. */
export interface Item {
  readonly id: string
  readonly v: number
  readonly by: 'server' | 'app'
  readonly terminal?: true
  /** The application's callbacks throw when they see it. */
  readonly bad?: true
}

export type ItemKind = 'active' | 'terminal' | 'bad'

/** Steps that start and stop the cache. */
export type LifeOp =
  | { readonly op: 'start'; readonly signal?: number }
  | { readonly op: 'abort'; readonly signal: number }
  | { readonly op: 'stop' | 'retain' | 'release' | 'pause' | 'resume' }

export type Op =
  | LifeOp
  | { readonly op: 'clear' | 'refreshAll' | 'reads' | 'listenAll' | 'unlistenAll' }
  | {
      readonly op:
        | 'get'
        | 'getOrThrow'
        | 'delete'
        | 'deleteDelayed'
        | 'refresh'
        | 'inProcessing'
        | 'hold'
        | 'unhold'
        | 'watch'
        | 'until'
        | 'unsubscribe'
        | 'leave'
      readonly id: string
    }
  | { readonly op: 'create'; readonly id: string; readonly item?: ItemKind; readonly validator?: number }
  | { readonly op: 'update'; readonly id: string; readonly item: ItemKind }
  | {
      readonly op: 'subscribe'
      readonly id: string
      readonly activity: boolean
      readonly create?: boolean
      readonly item?: ItemKind
    }
  | {
      readonly op: 'ingest'
      readonly says: readonly (Say & { readonly id: string })[]
      readonly create: boolean
    }
  | {
      readonly op: 'mutate'
      readonly id: string
      readonly item: ItemKind
      readonly after: number
      readonly succeeds: boolean
    }
  /** The state of another cache, or of a server's render. `other-version`: `hydrate` does not know its format. */
  | {
      readonly op: 'adopt'
      readonly id: string
      readonly by: 'adopt' | 'hydrate' | 'other-version'
      readonly item?: ItemKind | 'truth'
      readonly age?: number
      readonly next?: number
      readonly failures: number
    }
  | { readonly op: 'interval'; readonly ms: number }
  | { readonly op: 'page'; readonly visible: boolean; readonly online: boolean }
  /** The application tells the online manager itself (T7). */
  | { readonly op: 'manager'; readonly online: boolean }
  /** The truth at the backend moves on. */
  | {
      readonly op: 'server'
      readonly id: string
      readonly change: 'progress' | 'finish' | 'rerun' | 'remove'
    }
  /** Adds items `from` to `from + count - 1` of a field run. */
  | { readonly op: 'many'; readonly from: number; readonly count: number }

export interface Reaction {
  readonly ops: readonly Op[]
  readonly throws: boolean
}

/** Answer of the backend for one id. `upper`, `space` and `percent`: under an id that only looks alike. */
export interface Say {
  readonly say:
    | 'truth'
    | 'unchanged'
    | 'delete'
    | 'fail'
    | 'omit'
    | 'number'
    | 'upper'
    | 'space'
    | 'percent'
    | 'no-item'
    | 'bad-action'
    | 'twice'
    | 'foreign'
    | 'null'
  readonly validator?: number
  readonly retryAfter?: number
}

export interface Answer {
  /** ms; `now`: it returns; `turn`: its promise is settled at once; `never`. */
  readonly after: number | 'now' | 'turn' | 'never'
  readonly how: 'entries' | 'throws' | 'string' | 'nothing'
  readonly retryAfter?: number
  /** Given to the items of the batch in turn. */
  readonly says: readonly Say[]
}

/** Health of the backend. The numbers decide which items are bad (`isBad`). */
export interface Mood {
  /** ms that an answer takes. */
  readonly latency: number
  readonly down?: 'all' | 'E' | 'W'
  /** Number of bad items, and which of the many possible sets of them. */
  readonly bad?: number
  readonly salt?: number
  /** Fate of a call with a bad item, or to a source that is down. */
  readonly how?: 'throw' | 'fail' | 'hang'
  readonly retryAfter?: number
  /** Percentage of calls that fail, whatever is in them. */
  readonly flap?: number
}

export type Step =
  | { readonly do: 'act'; readonly ops: readonly Op[] }
  /** Time passes; timers fire when they are due. */
  | { readonly do: 'advance'; readonly ms: number }
  /** Time passes, and whatever was due fires late, at the end. */
  | { readonly do: 'freeze'; readonly ms: number }
  /** The machine sleeps: only the wall clock moves. `kills`: calls under way are never answered. */
  | { readonly do: 'sleep'; readonly ms: number; readonly kills?: true }
  /** Somebody sets the wall clock. */
  | { readonly do: 'set-wall'; readonly by: number }
  | { readonly do: 'mood'; readonly mood: Mood }
  /** The page is hidden and shown, or the network drops and returns, repeatedly, a quarter of a second each. */
  | { readonly do: 'flip'; readonly times: number; readonly what: 'visible' | 'online' }
  /** Every `every` ms, `times` times, somebody clicks on refresh for `ids` items. */
  | { readonly do: 'clicks'; readonly times: number; readonly every: number; readonly ids: number }

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
