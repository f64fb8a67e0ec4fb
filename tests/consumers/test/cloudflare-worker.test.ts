import { startFarmProcess, type FarmProcess } from '@auto-refresh/demo-server/testing'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { writeMisuse } from '../src/misuse.ts'
import { Project } from '../src/project.ts'
import type { Server } from '../src/server.ts'
import { expectFollowed, seeToTheEnd } from '../src/shown.ts'

describe('the project cloudflare-worker', () => {
  let project: Project
  let farm: FarmProcess
  let worker: Server

  beforeAll(async () => {
    ;[project, farm] = await Promise.all([
      Project.install('cloudflare-worker', inject('tarballs')),
      startFarmProcess(),
    ])
    worker = await project.serve({}, ['--ip', '127.0.0.1', '--port', '0', '--var', `FARM:${farm.url}`])
  })

  afterAll(async () => {
    await worker.stop()
    await farm.stop()
    project.remove()
  })

  it('is type-checked with the types that are installed', async () => {
    writeMisuse(project, 'src')
    await expect(project.script('types')).resolves.not.toContain('error')
  })

  it('keeps a cache in a Durable Object, which refreshes between requests', async () => {
    const id = await (await fetch(worker.url, { method: 'POST' })).text()
    const seen = await seeToTheEnd(async () => (await fetch(`${worker.url}/${id}`)).text())
    expectFollowed(seen)
    const { requests } = (await farm.traffic()).status
    expect(requests).toBeGreaterThan(2)
  })

  it('keeps a cache for as long as one request is being answered', async () => {
    const response = await fetch(`${worker.url}/follow`)
    expectFollowed((await response.text()).trimEnd().split('\n'))
  })
})
