import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { writeMisuse } from './misuse.ts'
import { Project } from './project.ts'

export interface ComponentTests {
  /** Their folder. */
  readonly name: string
  /** The option that makes the test runner print its report as JSON. */
  readonly json: string
  /** Number of tests. */
  readonly tests: number
}

/** The report of a test that Jest and Vitest have in common. */
interface Report {
  readonly numPassedTests: number
  readonly numTotalTests: number
}

/** Tests of a project whose component tests run without configuration for the library. */
export function testComponents({ name, json, tests }: ComponentTests): void {
  describe(`the project ${name}`, () => {
    let project: Project

    beforeAll(async () => {
      project = await Project.install(name, inject('tarballs'))
    })

    afterAll(() => project.remove())

    it('is type-checked with the types that are installed', async () => {
      writeMisuse(project, 'src', 'react')
      await expect(project.script('types')).resolves.not.toContain('error')
    })

    it('tests a component that polls, with fake timers', async () => {
      const printed = await project.run('npm', ['run', '--silent', 'test', '--', json])
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as both document it
      const { numPassedTests, numTotalTests } = JSON.parse(printed) as Report
      expect({ numPassedTests, numTotalTests }).toEqual({ numPassedTests: tests, numTotalTests: tests })
    })
  })
}
