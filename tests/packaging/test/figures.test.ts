import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { root } from '../src/packed.ts'
import { ADAPTERS, claim, CORE, DEVTOOLS, measure, QUERY, SHARED, TOGETHER } from '../src/sizes.ts'

/** Returns all amounts of kB on a page, in order. */
function figures(page: string): number[] {
  const text = readFileSync(path.join(root, page), 'utf8')
  return [...text.matchAll(/(\d+(?:\.\d+)?)[  ]kB\b/g)].map((match) => Number(match[1]))
}

describe('the sizes that the pages state are those measured, rounded up to 0.1 kB', () => {
  const sizes = new Map<string, number>()

  beforeAll(async () => {
    for (const budget of [CORE, ...ADAPTERS, QUERY, TOGETHER, ...SHARED, DEVTOOLS]) {
      sizes.set(budget.name, claim((await measure(budget)).size))
    }
  })

  it('README.md: the core, the largest adapter, and the two in a React application', () => {
    const largest = Math.max(...ADAPTERS.map(({ name }) => sizes.get(name) ?? NaN))
    expect(figures('README.md')).toEqual([sizes.get('core'), largest, sizes.get('core and react')])
  })

  it.each(['core', 'react', 'vue', 'preact', 'svelte', 'solid', 'lit', 'angular', 'query'])(
    'packages/%s/README.md',
    (name) => {
      expect(figures(`packages/${name}/README.md`)).toEqual([sizes.get(name)])
    },
  )

  it('packages/share/README.md: each way to share', () => {
    expect(figures('packages/share/README.md')).toEqual(SHARED.map(({ name }) => sizes.get(name)))
  })

  it('packages/devtools/README.md', () => {
    expect(figures('packages/devtools/README.md')).toEqual([sizes.get('devtools')])
  })
})
