// `npm run simulate -- --seeds N`: builds the simulation and runs it.
import { build } from 'esbuild'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const outdir = path.join(here, '..', 'dist')
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
