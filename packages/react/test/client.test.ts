// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

describe('the package as it is published', () => {
  it('A13: is marked for the client, so that a server component may import it', () => {
    const built = new URL('../dist/index.js', import.meta.url)
    expect(readFileSync(built, 'utf8').split('\n')[0], 'build first').toMatch(/^['"]use client['"];?$/)
  })
})
