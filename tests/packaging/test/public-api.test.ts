import path from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { entriesOf, readManifest } from '../src/packed.ts'
import { publicApi } from '../src/public-api.ts'

const entries = inject('packages').flatMap(({ folder, place }) =>
  entriesOf(readManifest(folder)).map(([entry, target]) => ({
    entry: path.posix.join(place, entry),
    folder,
    types: target.import.types,
  })),
)

describe('the public API is that of the pages in `api/`', () => {
  // Meant to change? `npx vitest run -u --project packaging public-api`, and a changeset.
  it.each(entries)('$entry', async ({ entry, folder, types }) => {
    const page = publicApi(folder, types)
    expect(page).not.toContain("from './")
    await expect(page).toMatchFileSnapshot(`../api/${entry.replaceAll('/', '-')}.api.md`)
  })
})
