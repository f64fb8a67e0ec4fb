import type { Chance } from '../chance.ts'
import type { ScriptOptions } from '../script.ts'

/** Options of a `users` run, extremes included; most are left to their defaults, so that runs stay readable. */
export function drawOptions(chance: Chance, ids: number): ScriptOptions {
  const maybe = <T>(percent: number, make: () => T): T | undefined =>
    chance.is(percent) ? make() : undefined
  return withoutUndefined({
    interval: chance.weighted<number | 'function'>([
      [10, 100],
      [4, 1000],
      [2, 5000],
      [1, 1],
      [1, 60_000],
      [1, 2 ** 31 + 7],
      [1, Infinity],
      [5, 'function'],
    ]),
    batchSize: maybe(60, () => chance.pick([1, 2, 3, 5])),
    concurrency: maybe(60, () => chance.pick([1, 1, 2, 3])),
    syncOnCreate: maybe(30, () => false),
    batchWindow: maybe(25, () => chance.pick([1, 20, 200])),
    timeout: maybe(70, () => chance.pick([30, 150, 150, 500, 5000, Infinity])),
    retry: maybe(60, () => ({
      factor: chance.pick([1, 1.5, 2, 10]),
      maxDelay: chance.pick([50, 400, 2000]),
      jitter: chance.pick([0, 0.25, 1]),
    })),
    jitter: maybe(60, () => chance.pick([0, 0, 0.5, 1])),
    missing: maybe(50, () => chance.pick(['fail', 'delete'] as const)),
    equality: maybe(40, () => chance.pick(['reference', 'own'] as const)),
    gcTime: maybe(50, () => chance.pick([0, 1, 120, 900])),
    refreshWhenHidden: maybe(20, () => chance.pick([true, true, 50, 700])),
    refreshWhenOffline: maybe(20, () => chance.pick([true, true, 50, 700])),
    lru: maybe(20, () => chance.int(1, Math.max(1, ids - 1))),
    expiry: maybe(25, () => ({
      ...(chance.is(60) ? { maxAge: chance.pick([1, 250, 2000]) } : {}),
      ...(chance.is(60) ? { terminalTtl: chance.pick([1, 150, 1000]) } : {}),
    })),
    rateLimit: maybe(12, () => ({
      calls: chance.int(1, 4),
      per: chance.pick([10, 100, 333]),
      ...(chance.is(40) ? { burst: chance.int(1, 5) } : {}),
    })),
    batches: maybe(10, () => chance.pick(['pairs', 'leaves-out', 'twice-and-unknown', 'throws'] as const)),
    meddler: maybe(12, () => true),
  })
}

/** Removes options that are undefined, so that a script shows only those that it sets. */
export function withoutUndefined<T extends object>(drawn: { readonly [K in keyof T]: T[K] | undefined }): T {
  const set: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(drawn)) if (value !== undefined) set[name] = value
  // Dropping the keys whose value is undefined makes exactly this type of it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return set as unknown as T
}
