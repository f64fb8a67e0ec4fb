// `npm run simulate -- --seeds N`: builds the simulation and runs it.
import { build } from 'esbuild'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
// Each run has a folder of its own, because several may run while the source changes.
const outdir = path.join(here, '..', 'dist', String(process.pid))
process.once('exit', () => rmSync(outdir, { recursive: true, force: true }))
await build({
  entryPoints: ['main', 'worker'].map((name) => path.join(here, '..', 'src', `${name}.ts`)),
  outdir,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['@auto-refresh/source'],
  sourcemap: 'inline',
  external: ['esbuild'],
  logLevel: 'warning',
})
await import(pathToFileURL(path.join(outdir, 'main.js')).href)
