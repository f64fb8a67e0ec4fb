import { launchChromium } from '@auto-refresh/browsers'
import { startFarmProcess, type FarmProcess } from '@auto-refresh/demo-server/testing'
import type { Browser, Page } from '@playwright/test'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { servePage, type PageServer } from '../src/page-server.ts'
import { Project } from '../src/project.ts'

/** Milliseconds between two calls of the page, and for how long they are counted. */
const INTERVAL = 500
const COUNTED = 10_000

describe('the project vite-tabs', () => {
  let project: Project
  let farm: FarmProcess
  let browser: Browser
  let server: PageServer | undefined

  beforeAll(async () => {
    ;[project, farm, browser] = await Promise.all([
      Project.install('vite-tabs', inject('tarballs')),
      startFarmProcess(),
      launchChromium(),
    ])
  })

  afterAll(async () => {
    await Promise.all([browser.close(), farm.stop(), server?.stop()])
    project.remove()
  })

  it('is type-checked with the types that are installed', async () => {
    await expect(project.script('types')).resolves.not.toMatch(/\berror\b/)
  })

  it('K2: three tabs show a job up to its end, and cost the farm what one does', async () => {
    await project.script('build')
    server = await servePage(path.join(project.folder, 'dist'), farm.url)
    const context = await browser.newContext()
    const complaints: string[] = []
    const open = async (address: string): Promise<Page> => {
      const page = await context.newPage()
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(String(error)))
      await page.goto(address)
      return page
    }
    const first = await open(server.url)
    await first.waitForURL(/#./)
    const pages = [first, await open(first.url()), await open(first.url())]
    for (const page of pages) {
      await page.locator('#job', { hasText: /^succeeded (\d+)\/\1$/ }).waitFor({ timeout: 60_000 })
    }
    await expect
      .poll(
        async () => (await Promise.all(pages.map((page) => page.locator('#role').textContent()))).sort(),
        {
          timeout: 30_000,
        },
      )
      .toEqual(['follower', 'follower', 'leader'])

    const before = (await farm.traffic()).status.requests
    const start = performance.now()
    await new Promise((resolve) => setTimeout(resolve, COUNTED))
    const asked = (await farm.traffic()).status.requests - before
    // One more, for a call that was under way.
    expect(asked).toBeLessThanOrEqual((performance.now() - start) / INTERVAL + 1)
    expect(asked).toBeGreaterThan(2)
    expect(complaints).toEqual([])
  })
})
