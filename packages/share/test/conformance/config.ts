import path from 'node:path'
import type { TestProjectInlineConfiguration } from 'vitest/config'

const core = path.join(import.meta.dirname, '..', '..', '..', 'core')
const subject = path.join(import.meta.dirname, 'subject.ts')

type Role = 'alone' | 'leader' | 'follower' | 'fleet'

/**
 * The core's test files that hold over each role. What a leader or a follower does otherwise is, by K1 and what follows from it:
 *
 * - its first call waits for the lead (or the 300 ms), so `await cache.refresh(…)` needs a clock that moves;
 * - one timer more (L5), and a role event;
 * - activity (`isRefreshing`), `inProcessing`, `stats()` and the order of events tell of the member's own calls;
 * - `unchanged`, validators and `interval` are about the leader's item, which a local write does not change (K4, S2);
 * - a pause, and a page that is hidden, end the leader's calls, because another one leads then (K17);
 * - errors are copies (K10).
 */
const FILES: Readonly<Record<Role, string>> = {
  alone: `adapter-seam adopt adopt-shared callbacks clear delete-delayed equality event-order events generations hold hydrate
    ids ids-observer ingest ingest-create instance interval item-failures item-observer items-observer life listeners
    lost-updates marked-removal mutate options ownership pending pending-failures reentrancy refresh refresh-all refresh-errors
    reopening responses restart retain snapshot-fields snapshots stats status stop stopping subscribe-create subscribe-ids
    subscribing sync-context terminal timeout until update user-pause validators watch writing`,
  leader: 'equality refresh retain subscribe-create watch writing',
  follower: 'watch',
  fleet: 'watch',
}

/** The core's own tests over a role. */
export function conformance(role: Role): TestProjectInlineConfiguration {
  const resolve = { conditions: ['@auto-refresh/source'] }
  return {
    resolve,
    ssr: { resolve },
    plugins: [
      {
        name: 'member-for-cache',
        enforce: 'pre',
        resolveId: (source, importer) =>
          source === '@auto-refresh/core' && importer?.startsWith(path.join(core, 'test')) === true
            ? subject
            : undefined,
      },
    ],
    test: {
      name: `share-${role}`,
      include: FILES[role].split(/\s+/).map((file) => `../core/test/${file}.test.ts`),
      provide: { role },
      isolate: false,
      pool: 'threads',
      testTimeout: 60_000,
    },
  }
}
