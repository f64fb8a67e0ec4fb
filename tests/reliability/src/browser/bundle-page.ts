import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Bundles the program of a page with the published library, minified as in an application. */
export async function bundlePage(entry: URL): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error(`${entry.href} made no bundle`)
  return file.text
}
