import path from 'node:path'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import type { Role } from './role.ts'

const core = path.join(import.meta.dirname, '..', '..', '..', 'core')
const subject = path.join(import.meta.dirname, 'subject.ts')
const cases = path.join(import.meta.dirname, 'cases.ts')

/** The core's test files about its public contract. */
const CONTRACT = `adapter-seam adopt adopt-shared callbacks clear delete-delayed equality event-order events expected-end generations hold hydrate
  ids ids-observer ingest ingest-create instance interval item-failures item-observer items-observer life listeners
  lost-updates marked-removal mutate options ownership pending pending-failures reentrancy refresh refresh-all refresh-errors
  reopening responses restart retain snapshot-fields snapshots stats status stop stopping subscribe-create subscribe-ids
  subscribing sync-context terminal timeout until update user-pause validators watch writing`

/** The core's own tests over a role. @param files those of the contract, if left out */
export function conformance(
  role: Role,
  name: string = role,
  files: string = CONTRACT,
): TestProjectInlineConfiguration {
  const resolve = { conditions: ['@auto-refresh/source'] }
  const stands: Readonly<Record<string, string>> = { '@auto-refresh/core': subject, vitest: cases }
  return {
    resolve,
    ssr: { resolve },
    plugins: [
      {
        name: 'member-for-cache',
        enforce: 'pre',
        resolveId: (source, importer) =>
          importer?.startsWith(path.join(core, 'test')) === true ? stands[source] : undefined,
      },
    ],
    test: {
      name: `share-${name}`,
      include: files.split(/\s+/).map((file) => `../core/test/${file}.test.ts`),
      provide: { role },
      isolate: false,
      pool: 'threads',
      // A case of days with a beat every 2 s takes half a minute where others work, too.
      testTimeout: 120_000,
    },
  }
}
