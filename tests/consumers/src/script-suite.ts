import { startFarmProcess, type FarmProcess } from '@auto-refresh/demo-server/testing'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { writeMisuse } from './misuse.ts'
import { Project } from './project.ts'
import { expectFollowed } from './shown.ts'

type Command = readonly [string, ...string[]]

export interface Script {
  /** Its folder. */
  readonly name: string
  /** Checks the types. */
  readonly check: Command
  /** Commands that build the program, each a different way; none if it needs no build. */
  readonly builds?: readonly Command[]
  /** Command that runs the program; the farm's address is appended. */
  readonly run: Command
  /** The folder of its source; its own, if left out. */
  readonly source?: string
}

/** Tests of a program that prints the states of a job, and ends with it. */
export function testScript({ name, check, builds = [], run, source = '.' }: Script): void {
  describe(`the project ${name}`, () => {
    let project: Project
    let farm: FarmProcess

    beforeAll(async () => {
      ;[project, farm] = await Promise.all([Project.install(name, inject('tarballs')), startFarmProcess()])
    })

    afterAll(async () => {
      await farm.stop()
      project.remove()
    })

    it('is type-checked with the types that are installed', async () => {
      writeMisuse(project, source)
      const [command, ...args] = check
      await expect(project.run(command, args)).resolves.not.toContain('error')
    })

    it('prints the states of a job, and ends', async () => {
      for (const build of builds.length === 0 ? [undefined] : builds) {
        if (build !== undefined) await project.run(build[0], build.slice(1))
        const [command, ...args] = run
        const printed = await project.run(command, [...args, farm.url])
        expectFollowed(printed.trimEnd().split('\n'))
      }
      expect((await farm.traffic()).status.requests).toBeGreaterThan(2)
    })
  })
}
