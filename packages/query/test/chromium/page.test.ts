import { createServer, type Server } from 'node:http'
import path from 'node:path'
import type { AddressInfo } from 'node:net'
import { eventually, launchChromium } from '@auto-refresh/browsers'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startBackend } from '../../../../examples/backend/server.mjs'

const SOURCE = path.join(import.meta.dirname, '../../../../examples/tanstack-query/src')

/** A page of the example and its backend, at one address. */
interface Site {
  readonly url: string
  /** Ids of the requests for states. */
  readonly asked: string[][]
  readonly close: () => void
}

async function openSite(entry: string): Promise<Site> {
  const { outputFiles } = await build({
    entryPoints: [path.join(SOURCE, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    conditions: ['@auto-refresh/source'],
    define: { 'process.env.NODE_ENV': '"development"' },
  })
  const program = outputFiles[0]?.text ?? ''
  const backend = await startBackend(0)
  const asked: string[][] = []
  const site = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/main.js') {
      response.setHeader('content-type', 'text/javascript')
      response.end(program)
    } else if (pathname.startsWith('/api/')) {
      const ids = searchParams.getAll('id')
      if (ids.length > 0) asked.push(ids)
      void forward(`http://127.0.0.1:${portOf(backend)}${request.url}`, request.method ?? 'GET').then(
        (answer) => {
          response.writeHead(answer.status, { 'content-type': 'application/json' })
          response.end(answer.body)
        },
      )
    } else {
      response.setHeader('content-type', 'text/html')
      response.end(
        '<!doctype html><link rel="icon" href="data:," /><div id="root"></div><script type="module" src="/main.js"></script>',
      )
    }
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(site)}/`,
    asked,
    close() {
      for (const server of [site, backend]) {
        server.closeAllConnections()
        server.close()
      }
    },
  }
}

async function forward(
  url: string,
  method: string,
): Promise<{ readonly status: number; readonly body: string }> {
  const answer = await fetch(url, { method })
  return { status: answer.status, body: await answer.text() }
}

function portOf(server: Server): number {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens to TCP
  return (server.address() as AddressInfo).port
}

describe('the example in Chromium', () => {
  let browser: Browser
  let site: Site
  let page: Page
  let errors: string[]

  beforeAll(async () => {
    browser = await launchChromium()
    site = await openSite('main-connected.tsx')
  })

  afterAll(async () => {
    await browser.close()
    site.close()
  })

  beforeEach(async () => {
    site.asked.length = 0
    errors = []
    page = await browser.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(site.url)
  })

  afterEach(() => page.close())

  it('Q2, Q4, Q9: all jobs in one request, in StrictMode, until they have ended', async () => {
    await page.getByText('job-3: running').waitFor()
    expect(site.asked[0]?.length).toBe(3)
    await page.getByText('job-3: done').waitFor({ timeout: 60_000 })
    const polls = site.asked.length
    // Three jobs for at least 6 s, polled every 2 s.
    expect(polls).toBeLessThanOrEqual(10)
    await page.waitForTimeout(5000)
    expect(site.asked).toHaveLength(polls)
    expect(errors).toEqual([])
  })

  it('Q6: a job that is started and cancelled shows what was clicked, at once and for good', async () => {
    await page.getByRole('button', { name: 'Start a job' }).click()
    const cancel = page.getByRole('button', { name: /^Cancel job-/ }).last()
    await cancel.waitFor()
    const id = (await cancel.textContent())?.replace('Cancel ', '') ?? ''
    await cancel.click()
    await page.getByText(`${id}: cancelled`).waitFor()
    await eventually(() => site.asked.at(-1)?.includes(id), {
      within: 20_000,
      awaited: 'the refresh after the mutation',
    })
    await page.waitForTimeout(3000)
    expect(await page.getByText(`${id}: cancelled`).count()).toBe(1)
    expect(errors).toEqual([])
  })
})
