import { until } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import type { Job } from '../../../docs/recipes/workers/jobs.worker.ts'
import { connect } from '../../../docs/recipes/workers/page.ts'

/** The recipe of `docs/guides/workers.md`, in a real worker, in real time. */
const script = new URL('../../../docs/recipes/workers/jobs.worker.ts', import.meta.url)

describe('a cache in a worker, shown by a page', () => {
  it('W10: an item that the worker refreshes ends in the page, too', async () => {
    const worker = new Worker(script, { type: 'module' })
    const { jobs, follow } = connect<Job>(worker)
    follow(['a', 'b'])
    await Promise.all(['a', 'b'].map((id) => arrival(jobs, id)))
    const ended = await Promise.all(['a', 'b'].map((id) => until(jobs, id, (job) => job.step === 3)))
    expect(ended).toEqual([{ step: 3 }, { step: 3 }])
    expect(jobs.isRunning).toBe(false)
    worker.terminate()
  })

  it('two pages that share a worker see the same items, and a page that follows nothing gets no messages', async () => {
    const [first, second] = [1, 2].map(() => {
      const { port } = new SharedWorker(script, { type: 'module' })
      return connect<Job>(port)
    })
    if (first === undefined || second === undefined) throw new Error('two were made')
    first.follow(['shared'])
    await arrival(first.jobs, 'shared')
    await until(first.jobs, 'shared', (job) => job.step === 3)
    second.follow(['shared'])
    await arrival(second.jobs, 'shared')
    expect(second.jobs.get('shared')).toEqual({ step: 3 })
    second.follow([])
    first.follow(['shared', 'other'])
    await arrival(first.jobs, 'other')
    await until(first.jobs, 'other', (job) => job.step === 3)
    expect(second.jobs.has('other')).toBe(false)
  })
})

/** Resolves when an id appears for the first time. */
async function arrival(jobs: ReturnType<typeof connect<Job>>['jobs'], id: string): Promise<void> {
  if (jobs.has(id)) return
  await new Promise<void>((resolve) => {
    const unsubscribe = jobs.subscribe(id, () => {
      unsubscribe()
      resolve()
    })
  })
}
