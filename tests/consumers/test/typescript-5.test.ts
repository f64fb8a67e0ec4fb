import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { writeMisuse } from '../src/misuse.ts'
import { Project } from '../src/project.ts'

describe('the project typescript-5', () => {
  let project: Project

  beforeAll(async () => {
    project = await Project.install('typescript-5', inject('tarballs'))
    writeMisuse(project, 'src', 'vue')
  })

  afterAll(() => project.remove())

  it.each(['node10', 'node16', 'bundler'])(
    'is type-checked with moduleResolution %s, libraries too',
    async (name) => {
      await expect(project.script(name)).resolves.toBe('')
    },
  )
})
