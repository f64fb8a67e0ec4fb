import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Browser, BrowserContextOptions, Page } from 'playwright'

const ORIGIN = 'http://devtools.test'

/** Returns a program as one script. @param define constants of the build */
export async function bundle(entry: string, define: Readonly<Record<string, string>> = {}): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    format: 'esm',
    write: false,
    conditions: ['@auto-refresh/source', 'browser'],
    define: { 'process.env.NODE_ENV': '"development"', ...define },
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

/** A page that runs a script, with a strict policy: the panel must need neither inline styles nor `eval`. */
export async function openPage(
  browser: Browser,
  script: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await page.route(`${ORIGIN}/**`, (route) =>
    route.request().url().endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', body: script })
      : route.fulfill({
          contentType: 'text/html',
          headers: { 'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'" },
          body: '<!doctype html><html lang="en"><title>Devtools</title><link rel="icon" href="data:,"><body><script type="module" src="/page.js"></script></body></html>',
        }),
  )
  await page.goto(`${ORIGIN}/`)
  await page.waitForFunction('typeof openPanel === "function"')
  return page
}
