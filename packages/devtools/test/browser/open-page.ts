import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Browser, BrowserContextOptions, Page } from 'playwright'

const ORIGIN = 'http://devtools.test'

/** A policy without inline styles and `eval`, which the panel must not need. */
const STRICT = "default-src 'none'; script-src 'self'; style-src 'self'"

/** Returns a program of this folder as one script. */
export async function bundle(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
    bundle: true,
    format: 'esm',
    write: false,
    conditions: ['@auto-refresh/source', 'browser'],
    define: { 'process.env.NODE_ENV': '"development"' },
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

/** Options of a context, and of its page. */
export interface PageOptions extends BrowserContextOptions {
  /** The content security policy of the page. Default: strict. */
  readonly policy?: string
}

/** Opens a page that runs a script. Close its context to close it. */
export async function openPage(browser: Browser, script: string, options: PageOptions = {}): Promise<Page> {
  const { policy = STRICT, ...contextOptions } = options
  const context = await browser.newContext(contextOptions)
  const page = await context.newPage()
  await page.route(`${ORIGIN}/**`, (route) =>
    route.request().url().endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', body: script })
      : route.fulfill({
          contentType: 'text/html',
          headers: { 'content-security-policy': policy },
          body: '<!doctype html><html lang="en"><title>Devtools</title><main></main><script type="module" src="/page.js"></script></html>',
        }),
  )
  await page.goto(`${ORIGIN}/`)
  await page.waitForLoadState()
  return page
}
