import { build } from 'esbuild'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'

/** Ceiling at what is measured, in bytes. The limit to come to is 6,000 (decision 13). */
const CEILING = 13_880

it('./tabs weighs no more than its ceiling beside the core, and brings nothing for tests', async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `export { SharedAutoRefresh, tabs } from '@auto-refresh/share/tabs'`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    metafile: true,
    conditions: ['@auto-refresh/source'],
    external: ['@auto-refresh/core', '@auto-refresh/core/adapter'],
  })
  const size = gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
  expect(size).toBeGreaterThan(1000)
  expect(size).toBeLessThanOrEqual(CEILING)
  expect(
    Object.keys(metafile.inputs).filter((file) => /\/(testing|hub|hub-client|fleet)\//.test(file)),
  ).toEqual([])
})
