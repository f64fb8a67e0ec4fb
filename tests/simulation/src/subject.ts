import type * as adapter from '@auto-refresh/core/adapter'
import type * as core from '@auto-refresh/core'

/** The part of the package that is tested; a build with a seeded bug has the same. */
export type Subject = Pick<
  typeof core,
  | 'InMemoryAutoRefresh'
  | 'until'
  | 'watch'
  | 'mutate'
  | 'dehydrate'
  | 'hydrate'
  | 'lru'
  | 'expiry'
  | 'rateLimit'
  | 'customBatches'
  | 'onlineManager'
> &
  Pick<typeof adapter, 'adopt' | 'stateOf'>
