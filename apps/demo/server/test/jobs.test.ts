import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import type { CancelledJobs, ErrorBody, Job, JobList, VersionedJob } from '../src/api.ts'
import { renderScene } from '../src/render/render-scene.ts'
import { INSIDE_ONLY, SLOW, UNIT_DISC, WHOLE_SET } from './scenes.ts'
import { eventually, readBody, startFarm } from './start-farm.ts'

describe('a job', () => {
  it('is queued, runs, and succeeds', async () => {
    const farm = await startFarm()
    const response = await farm.send('POST', '/api/jobs', WHOLE_SET)
    const { job, version } = await readBody<VersionedJob>(response, 201)
    expect(version).toBe(1)
    expect(job).toMatchObject({
      state: 'queued',
      scene: WHOLE_SET,
      rows: { done: 0, total: 48 },
      image: null,
    })
    expect(response.headers.get('location')).toBe(`/api/jobs/${job.id}`)

    const finished = await farm.until(job.id, 'succeeded')
    expect(finished).toMatchObject({ rows: { done: 48, total: 48 }, error: null })
    expect(finished.image).toBe(`/api/jobs/${job.id}/image`)
    expect(finished.startedAt).toBeGreaterThanOrEqual(finished.submittedAt)
    expect(finished.finishedAt).toBeGreaterThanOrEqual(finished.startedAt ?? Infinity)
  })

  it('makes progress row by row, never backwards', async () => {
    const farm = await startFarm()
    const id = await farm.submit(SLOW)
    const seen: Job[] = []
    await eventually(async () => {
      const job = await farm.job(id)
      seen.push(job)
      return job.state === 'succeeded' ? job : undefined
    }, 'the slow scene')

    const running = seen.filter(({ state }) => state === 'running')
    const rows = running.map(({ rows: { done } }) => done)
    expect(new Set(rows).size).toBeGreaterThan(5)
    expect(rows).toEqual([...rows].sort((a, b) => a - b))
    expect(rows.every((done) => done >= 0 && done <= SLOW.height)).toBe(true)
    const order = ['queued', 'running', 'succeeded']
    const states = seen.map(({ state }) => order.indexOf(state))
    expect(states).toEqual([...states].sort((a, b) => a - b))
    expect(new Set(running.map(({ startedAt }) => startedAt)).size).toBe(1)
  })

  it.each([
    ['the Mandelbrot set', WHOLE_SET],
    ['a Julia set', UNIT_DISC],
  ])('has a PNG of %s with the right size and pixels', async (_, scene) => {
    const farm = await startFarm()
    const id = await farm.submit(scene)
    await farm.until(id, 'succeeded')
    const response = await farm.send('GET', `/api/jobs/${id}/image`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('image/png')
    expect(response.headers.get('cache-control')).toContain('immutable')
    const picture = decode(await response.arrayBuffer(), { checkCrc: true })
    expect(picture).toMatchObject({ width: scene.width, height: scene.height, channels: 3, depth: 8 })
    const expected = renderScene(scene, { iterationBudget: Infinity, onRow() {} })
    expect(Buffer.compare(Buffer.from(picture.data), Buffer.from(expected))).toBe(0)
  })

  it('fails when its scene exceeds the iteration budget', async () => {
    const farm = await startFarm({ iterationBudget: 100_000 })
    const id = await farm.submit(INSIDE_ONLY)
    const job = await farm.until(id, 'failed')
    expect(job.error).toMatch(/^Row 4 of 48 used up the job's budget/)
    expect(job.image).toBeNull()
    const image = await farm.send('GET', `/api/jobs/${id}/image`)
    expect((await readBody<ErrorBody>(image, 409)).error).toBe(`Job ${id} is failed: it has no picture`)
  })

  it('takes its time, row by row, and can be cancelled meanwhile', async () => {
    const rowTime = 20
    const farm = await startFarm({ rowTime })
    const id = await farm.submit(WHOLE_SET)
    const { finishedAt, submittedAt } = await farm.until(id, 'succeeded')
    expect((finishedAt ?? 0) - submittedAt).toBeGreaterThanOrEqual(WHOLE_SET.height * rowTime)

    const slow = await startFarm({ rowTime: 60_000 })
    const resting = await slow.submit(WHOLE_SET)
    await slow.until(resting, 'running')
    await slow.cancel(resting)
    // Its thread is free for the next one.
    await slow.until(await slow.submit(WHOLE_SET), 'running')
  })

  it('is rendered after a failed one by the same worker', async () => {
    const farm = await startFarm({ iterationBudget: 500_000 })
    const failing = await farm.submit(INSIDE_ONLY)
    const fine = await farm.submit({ ...INSIDE_ONLY, maxIterations: 1 })
    await farm.until(fine, 'succeeded')
    expect((await farm.job(failing)).state).toBe('failed')
  })
})

describe('cancelling', () => {
  it('keeps a queued job from starting', async () => {
    const farm = await startFarm()
    const slow = await farm.submit(SLOW)
    const queued = await farm.submit(WHOLE_SET)
    await farm.until(slow, 'running')
    expect(await farm.cancel(queued)).toMatchObject({ state: 'cancelled', startedAt: null })
    await farm.until(slow, 'succeeded')
    const later = await farm.submit(WHOLE_SET)
    await farm.until(later, 'succeeded')
    expect(await farm.job(queued)).toMatchObject({ state: 'cancelled', startedAt: null, image: null })
  })

  it('stops a running job soon, and its worker takes the next', async () => {
    const farm = await startFarm()
    const endless = await farm.submit({ ...INSIDE_ONLY, width: 1024, height: 1024, maxIterations: 2000 })
    const next = await farm.submit(WHOLE_SET)
    await farm.until(endless, 'running')
    expect((await farm.cancel(endless)).state).toBe('cancelled')
    await farm.until(next, 'succeeded')
    // Counted in rows and not in time, because the machine may be busy.
    const job = await farm.job(endless)
    expect(job.state).toBe('cancelled')
    expect(job.rows.done).toBeLessThan(1024)
  })

  it('changes nothing the second time, and is refused for a finished job', async () => {
    const farm = await startFarm()
    const slow = await farm.submit(SLOW)
    const first = await farm.cancel(slow)
    expect(await farm.cancel(slow)).toEqual(first)

    const done = await farm.submit(WHOLE_SET)
    await farm.until(done, 'succeeded')
    const response = await farm.send('DELETE', `/api/jobs/${done}`)
    expect((await readBody<ErrorBody>(response, 409)).error).toBe(`Job ${done} has succeeded already`)
    expect((await farm.job(done)).state).toBe('succeeded')
  })

  it('cancels all jobs at once', async () => {
    const farm = await startFarm()
    const done = await farm.submit(WHOLE_SET)
    await farm.until(done, 'succeeded')
    const ids = await Promise.all([farm.submit(SLOW), farm.submit(SLOW), farm.submit(SLOW)])
    const response = await farm.send('DELETE', '/api/jobs')
    expect(await readBody<CancelledJobs>(response, 200)).toEqual({ cancelled: 3 })
    for (const id of ids) expect((await farm.job(id)).state).toBe('cancelled')
    expect((await farm.job(done)).state).toBe('succeeded')
  })
})

describe('the farm', () => {
  it('lists its jobs, oldest first', async () => {
    const farm = await startFarm()
    const first = await farm.submit(WHOLE_SET)
    const second = await farm.submit(UNIT_DISC)
    const { jobs } = await readBody<JobList>(await farm.send('GET', '/api/jobs'), 200)
    expect(jobs.map(({ job }) => job.id)).toEqual([first, second])
  })

  it('renders first come first served', async () => {
    const farm = await startFarm()
    const ids: string[] = []
    for (let index = 0; index < 12; index++)
      ids.push(await farm.submit({ ...WHOLE_SET, maxIterations: 2000 }))
    await farm.cancel(ids[3] ?? '')
    await eventually(async () => {
      const { jobs } = await readBody<JobList>(await farm.send('GET', '/api/jobs'), 200)
      const states = jobs.map(({ job }) => job.state)
      const firstQueued = states.indexOf('queued')
      if (firstQueued === -1) return states
      expect(states.slice(firstQueued).every((state) => state === 'queued' || state === 'cancelled')).toBe(
        true,
      )
      expect(states.filter((state) => state === 'running').length).toBeLessThanOrEqual(1)
      return undefined
    }, 'all to start')
    await Promise.all(ids.map((id) => farm.until(id, 'succeeded', 'cancelled')))
    expect((await farm.job(ids[3] ?? '')).state).toBe('cancelled')
  })

  it('drops the oldest finished job for a new one', async () => {
    const farm = await startFarm({ capacity: 2 })
    const first = await farm.submit(WHOLE_SET)
    await farm.until(first, 'succeeded')
    const second = await farm.submit(WHOLE_SET)
    await farm.until(second, 'succeeded')
    const third = await farm.submit(WHOLE_SET)
    expect((await farm.send('GET', `/api/jobs/${first}`)).status).toBe(404)
    expect((await farm.send('GET', `/api/jobs/${first}/image`)).status).toBe(404)
    expect((await farm.job(second)).state).toBe('succeeded')
    await farm.until(third, 'succeeded')
  })

  it('refuses a new job while it is full of unfinished ones', async () => {
    const farm = await startFarm({ capacity: 2 })
    const first = await farm.submit(SLOW)
    await farm.submit(SLOW)
    const response = await farm.send('POST', '/api/jobs', WHOLE_SET)
    expect(response.headers.get('retry-after')).toBe('5')
    expect((await readBody<ErrorBody>(response, 503)).error).toMatch(/full/)
    await farm.cancel(first)
    await farm.submit(WHOLE_SET)
    expect((await farm.send('GET', `/api/jobs/${first}`)).status).toBe(404)
  })
})
