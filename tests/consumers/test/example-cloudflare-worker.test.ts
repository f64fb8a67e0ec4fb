import { describe, expect, it } from 'vitest'
import { installExample } from '../src/example-suite.ts'

describe('the example cloudflare-worker', () => {
  const example = installExample('cloudflare-worker')

  it('is type-checked', async () => {
    await expect(example().project.script('types')).resolves.not.toContain('error')
  })

  it('follows a job in a Durable Object, and within a request', async () => {
    const worker = await example().project.serve(example().env)
    const id = await (await fetch(worker.url, { method: 'POST' })).text()
    const show = async (): Promise<string> => (await fetch(`${worker.url}/${id}`)).text()
    await expect.poll(show, { timeout: 60_000 }).toBe('running')
    expect(await (await fetch(`${worker.url}/${id}/end`)).text()).toBe('done')
    await expect.poll(show, { timeout: 60_000 }).toBe('done')
    await worker.stop()
  })
})
