import { rmSync } from 'node:fs'
import path from 'node:path'
import { launchChromium } from '@auto-refresh/browsers'
import { startFarmProcess, type FarmProcess } from '@auto-refresh/demo-server/testing'
import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { visit } from './browser.ts'
import { writeMisuse, type Adapter } from './misuse.ts'
import { servePage } from './page-server.ts'
import { Project } from './project.ts'
import { expectFollowed } from './shown.ts'
import { hollowOut, weigh } from './weight.ts'

export interface BrowserProject {
  /** Its folder. */
  readonly name: string
  readonly adapter?: Adapter
  /** The folder of its source; `src`, if left out. */
  readonly source?: string
  /** Folder of the built `index.html`. Undefined: the project has a server of its own, which renders. */
  readonly page?: string
  /** The folder of the scripts that are built for the browser. */
  readonly scripts: string
  /** Number of `<output>`s that show the job. Default 1. */
  readonly outputs?: number
  /** True if the build runs the page's own modules, which it cannot do without the library. */
  readonly isRunByBuild?: boolean
}

/** Tests of a project for browsers: types, build, a page in Chromium, weight. */
export function testInBrowser({
  name,
  adapter,
  source = 'src',
  page,
  scripts,
  outputs = 1,
  isRunByBuild = false,
}: BrowserProject): void {
  describe(`the project ${name}`, () => {
    let project: Project
    let farm: FarmProcess
    let browser: Browser

    beforeAll(async () => {
      ;[project, farm, browser] = await Promise.all([
        Project.install(name, inject('tarballs')),
        startFarmProcess(),
        launchChromium(),
      ])
    })

    afterAll(async () => {
      await Promise.all([browser.close(), farm.stop()])
      project.remove()
    })

    it('is type-checked with the types that are installed', async () => {
      writeMisuse(project, source, adapter)
      await expect(project.script('types')).resolves.not.toMatch(/\berror\b/)
    })

    it('shows a job from the farm up to its end, and the browser has nothing to complain about', async () => {
      await project.script('build')
      const server =
        page === undefined
          ? await project.serve({ FARM: farm.url })
          : await servePage(path.join(project.folder, page), farm.url)
      const { html, seen, others, complaints } = await visit(browser, server.url)
      await server.stop()
      const isInMarkup = html.includes('<output>queued 0/320</output>')
      expect(isInMarkup).toBe(page === undefined)
      expectFollowed(seen)
      expect(others).toEqual(Array.from({ length: outputs - 1 }, () => seen.at(-1)))
      // A hydration mismatch would be a complaint.
      expect(complaints).toEqual([])
      const { status, submitted } = await farm.traffic()
      expect(submitted).toBe(1)
      expect(status.requests).toBeGreaterThan(2)
    })

    if (isRunByBuild) return

    it('weighs less without the library', async () => {
      const folder = path.join(project.folder, scripts)
      const whole = weigh(folder)
      await hollowOut(project)
      // Not every builder removes its earlier output.
      rmSync(folder, { recursive: true })
      await project.script('build')
      const without = weigh(folder)
      // oxlint-disable-next-line no-console -- the figures that it is run for
      console.log(`${name}: ${whole} bytes gzipped, ${without} without the library`)
      expect(without).toBeGreaterThan(0)
      expect(whole - without).toBeGreaterThan(1000)
    })
  })
}
