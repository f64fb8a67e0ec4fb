import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { UNPACKED } from './unpacked.ts'

/** Packages that the application has anyway: they do not count for an adapter. */
const FRAMEWORKS = [
  'react',
  'vue',
  'preact',
  'preact/hooks',
  'svelte',
  'svelte/reactivity',
  'solid-js',
  'solid-js/web',
  'lit',
  '@angular/core',
]

export interface Bundle {
  /** Bytes, minified and gzipped. */
  readonly size: number
  /** The files that left something in the bundle, from `node_modules` on. */
  readonly modules: readonly string[]
}

/** Size of a program with these imports, with all dependencies except those in `external`. */
export async function bundle(code: string, external: readonly string[] = []): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: UNPACKED },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    metafile: true,
    logLevel: 'silent',
    legalComments: 'none',
    external: [...FRAMEWORKS, ...external],
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const [output] = Object.values(metafile.outputs)
  const [written] = outputFiles
  if (output === undefined || written === undefined) throw new Error('esbuild built nothing')
  return {
    size: gzipSync(written.contents, { level: 9 }).length,
    modules: Object.entries(output.inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => file.replace(/^.*node_modules\//, '')),
  }
}
