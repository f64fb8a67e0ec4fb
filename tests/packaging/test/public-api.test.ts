import path from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { readManifest } from '../src/packed.ts'
import { publicApi } from '../src/public-api.ts'

const entries = inject('packages').flatMap(({ folder, place }) =>
  Object.entries(readManifest(folder).exports).flatMap(([entry, target]) =>
    typeof target === 'string'
      ? []
      : [{ entry: path.posix.join(place, entry), folder, types: target['types'] ?? '' }],
  ),
)

describe('the public API is the one that was agreed to', () => {
  // Meant to change? `npx vitest run -u --project packaging public-api`, and a changeset.
  it.each(entries)('$entry', async ({ entry, folder, types }) => {
    const page = publicApi(folder, types)
    expect(page).not.toContain("from './")
    await expect(page).toMatchFileSnapshot(`../api/${entry.replaceAll('/', '-')}.api.md`)
  })
})
