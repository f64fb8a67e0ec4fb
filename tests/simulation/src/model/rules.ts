import { type Item, type ScriptOptions } from '../script.ts'

/** The options of a run with the defaults of the contract filled in, as the model uses them. */
export interface Rules {
  readonly interval: number | 'function'
  readonly coalesce: number
  readonly batchSize: number
  readonly parallelism: number
  readonly rateLimit: { readonly calls: number; readonly per: number; readonly burst: number } | undefined
  readonly syncOnCreate: boolean
  readonly batchWindow: number
  readonly timeout: number
  readonly factor: number
  readonly maxDelay: number
  /** How much of a delay chance may add: the smallest and the largest share, after failures and otherwise. */
  readonly retryJitter: Share
  readonly jitter: Share
  readonly missing: 'unchanged' | 'fail' | 'delete'
  readonly equality: 'deep' | 'reference' | 'own'
  readonly capacity: number
  readonly terminalTtl: number
  readonly maxAge: number
  readonly refreshUnobserved: boolean
  readonly gcTime: number
  readonly refreshWhenHidden: boolean
  readonly refreshWhenOffline: boolean
  readonly batches: ScriptOptions['batches'] | 'default'
}

export interface Share {
  readonly least: number
  readonly most: number
}

export function rulesOf(options: ScriptOptions, random: readonly number[]): Rules {
  const least = Math.min(...random)
  const most = Math.max(...random)
  const share = (jitter: number): Share => ({ least: jitter * least, most: jitter * most })
  const { rateLimit, retry } = options
  return {
    interval: options.interval,
    coalesce: options.coalesce ?? 0.5,
    batchSize: options.batchSize ?? 100,
    parallelism: options.parallelism ?? 4,
    rateLimit: rateLimit && { ...rateLimit, burst: rateLimit.burst ?? rateLimit.calls },
    syncOnCreate: options.syncOnCreate ?? true,
    batchWindow: options.batchWindow ?? 0,
    timeout: options.timeout ?? 30_000,
    factor: retry?.factor ?? 2,
    maxDelay: retry?.maxDelay ?? 60_000,
    retryJitter: share(retry?.jitter ?? 0.25),
    jitter: share(options.jitter ?? 0.1),
    missing: options.missing ?? 'unchanged',
    equality: options.equality ?? 'deep',
    capacity: options.capacity ?? Infinity,
    terminalTtl: options.terminalTtl ?? Infinity,
    maxAge: options.maxAge ?? Infinity,
    refreshUnobserved: options.refreshUnobserved ?? true,
    gcTime: options.gcTime ?? Infinity,
    refreshWhenHidden: options.refreshWhenHidden ?? false,
    refreshWhenOffline: options.refreshWhenOffline ?? false,
    batches: options.batches ?? 'default',
  }
}

/** F7: an `isTerminal` that throws counts as false. */
export function isTerminal(item: Item): boolean {
  return item.terminal === true && item.bad !== true
}

/** W8, and F7 for an `equals` that throws. */
export function areEqual(rules: Rules, a: Item, b: Item): boolean {
  if (rules.equality === 'reference') return a === b
  if (rules.equality === 'own' && (a.bad === true || b.bad === true)) return false
  return a.v === b.v && a.terminal === b.terminal && a.bad === b.bad
}
