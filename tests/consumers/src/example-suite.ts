import { launchChromium } from '@auto-refresh/browsers'
import type { Browser } from '@playwright/test'
import type { Server as HttpServer } from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { startBackend } from '../../../examples/backend/server.mjs'
import { writeMisuse, type Adapter } from './misuse.ts'
import { servePage } from './page-server.ts'
import { Project } from './project.ts'

const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url))

/** Milliseconds that a busy machine may take to compile and load a page. */
const DEADLINE = 120_000

/** An installed example, with a backend of its own. */
export interface RunningExample {
  readonly project: Project
  /** The environment with the backend's address. */
  readonly env: { readonly BACKEND: string }
}

/** Installs an example before its tests. Returns a function that returns it. */
export function installExample(name: string): () => RunningExample {
  let example: RunningExample | undefined
  let backend: HttpServer

  beforeAll(async () => {
    const project = await Project.install(name, inject('tarballs'), EXAMPLES)
    backend = await startBackend(0)
    const address = backend.address()
    if (typeof address !== 'object' || address === null) throw new Error('the backend has no port')
    example = { project, env: { BACKEND: `http://127.0.0.1:${address.port}` } }
  })
  afterAll(() => {
    backend.closeAllConnections()
    backend.close()
    example?.project.remove()
  })
  return () => {
    if (example === undefined) throw new Error('the example is not installed')
    return example
  }
}

export interface PageExample {
  readonly adapter: Adapter
  /** The folder of its source; `src`, if left out. */
  readonly source?: string
  /** True if the server renders its jobs. */
  readonly isRendered?: boolean
  /** True if it has buttons that cancel. */
  readonly canCancel?: boolean
  /** The folder of the built `index.html`, if it has a `build` script. */
  readonly built?: string
  /** Arguments of its `start` script, if that does not read `PORT`. */
  readonly args?: readonly string[]
}

/** Tests of an example that is a page: types, server, use in a browser, build. */
export function testPageExample(
  name: string,
  { adapter, source = 'src', isRendered = false, canCancel = false, built, args }: PageExample,
): void {
  describe(`the example ${name}`, () => {
    const example = installExample(name)
    let browser: Browser
    beforeAll(async () => {
      browser = await launchChromium()
    })
    afterAll(() => browser.close())

    it('is type-checked', async () => {
      writeMisuse(example().project, source, adapter)
      await expect(example().project.script('types')).resolves.not.toMatch(/\berror\b/)
    })

    it('shows jobs up to their end, and the browser has nothing to complain about', async () => {
      const server = await example().project.serve(example().env, args)
      try {
        // A server for development compiles at its first request.
        await fetch(server.url)
        expect(await useJobs(server.url)).toEqual([])
      } finally {
        await server.stop()
      }
    })

    /** Starts jobs by the page's button, and waits for their end. Returns the browser's errors and warnings. */
    async function useJobs(url: string): Promise<string[]> {
      const page = await browser.newPage()
      page.setDefaultTimeout(DEADLINE)
      const complaints: string[] = []
      page.on('console', (message) => {
        const isComplaint = message.type() === 'error' || message.type() === 'warning'
        // Lit says so in each page of a server for development.
        if (isComplaint && !message.text().startsWith('Lit is in dev mode')) complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(String(error)))

      // A job that runs while the page is rendered shows its end only if the page polls.
      await fetch(`${example().env.BACKEND}/api/jobs`, { method: 'POST' })
      const response = await page.goto(url)
      expect((await response?.text())?.includes('job-4: running')).toBe(isRendered)
      await page.getByText('job-4: done').waitFor()
      const start = page.getByRole('button', { name: 'Start a job' })
      await start.click()
      await page.getByText('job-5: running').waitFor()
      await start.click()
      if (canCancel) {
        await page.getByRole('button', { name: 'Cancel job-5' }).click()
        await page.getByText('job-5: cancelled').waitFor()
      }
      await page.getByText('job-6: done').waitFor()
      await page.close()
      return complaints
    }

    if (built === undefined) return

    it('is built, and shows jobs', async () => {
      const { project, env } = example()
      await project.script('build')
      const server = await servePage(path.join(project.folder, built), env.BACKEND)
      const page = await browser.newPage()
      await page.goto(server.url)
      const row = page.getByText('job-6: done')
      await row.waitFor()
      expect(await row.count()).toBe(1)
      await page.close()
      await server.stop()
    })
  })
}

/** Tests of a program that follows three jobs. @param check the command that checks its types */
export function testProgramExample(
  name: string,
  run: readonly [string, ...string[]],
  check?: readonly [string, ...string[]],
): void {
  describe(`the example ${name}`, () => {
    const example = installExample(name)

    it('is type-checked, and prints the states of three jobs up to their ends', async () => {
      const { project, env } = example()
      writeMisuse(project, '.')
      if (check !== undefined) await project.run(check[0], check.slice(1))
      const [command, ...args] = run
      const lines = (await project.run(command, args, env)).trimEnd().split('\n')
      for (const id of ['job-4', 'job-5', 'job-6']) {
        expect(lines.some((line) => line.startsWith(`${id}: running`))).toBe(true)
        expect(lines).toContain(`${id}: done 100 %`)
      }
    })
  })
}
