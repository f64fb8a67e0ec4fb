import { forgotten } from './forgotten.ts'
import { ofTheOriginal } from './go-original.ts'
import { ofLimits } from './limits.ts'
import { ofPeers } from './peers.ts'
import { type Planted } from './planted.ts'

/**
 * Bugs that caches of this kind have had, each at one place of the source: those of the Go original, those that were
 * measured in its peers, and the slips that come of themselves.
 */
export const planted: readonly Planted[] = [...ofTheOriginal, ...ofPeers, ...ofLimits, ...forgotten]
