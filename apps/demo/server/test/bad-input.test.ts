import { describe, expect, it } from 'vitest'
import type { ErrorBody } from '../src/api.ts'
import { WHOLE_SET } from './scenes.ts'
import { readBody, startFarm } from './start-farm.ts'

const { kind: _, ...withoutKind } = WHOLE_SET

describe('POST /api/jobs', () => {
  it.each<[string, unknown, RegExp]>([
    ['no scene', null, /^body: /],
    ['an array', [WHOLE_SET], /^body|^kind/],
    ['no kind', withoutKind, /^kind: Missing/],
    ['an unknown kind', { ...WHOLE_SET, kind: 'newton' }, /^kind: .*"mandelbrot" \| "julia".*"newton"/],
    ['a size that is not whole', { ...WHOLE_SET, width: 99.5 }, /^width: .*integer/],
    ['a size that is too small', { ...WHOLE_SET, height: 15 }, /^height: .*16.*15/],
    ['a size that is too large', { ...WHOLE_SET, width: 1025 }, /^width: .*1024.*1025/],
    ['a size in words', { ...WHOLE_SET, width: '100' }, /^width: .*number.*"100"/],
    ['no iterations', { ...WHOLE_SET, maxIterations: 0 }, /^maxIterations: /],
    ['too many iterations', { ...WHOLE_SET, maxIterations: 20_001 }, /^maxIterations: .*20000/],
    ['no span', { ...WHOLE_SET, span: 0 }, /^span: /],
    ['a centre out of the plane', { ...WHOLE_SET, center: { re: 5, im: 0 } }, /^center\.re: .*4.*5/],
    ['half a centre', { ...WHOLE_SET, center: { re: 0 } }, /^center\.im: Missing/],
    ['a Julia set without its constant', { ...WHOLE_SET, kind: 'julia' }, /^constant: Missing/],
    [
      'a Mandelbrot set with one',
      { ...WHOLE_SET, constant: { re: 0, im: 0 } },
      /^constant: There is no such field/,
    ],
    ['an unknown field', { ...WHOLE_SET, colour: 'red' }, /^colour: There is no such field/],
  ])('refuses %s', async (_name, body, message) => {
    const farm = await startFarm()
    const response = await farm.send('POST', '/api/jobs', body)
    expect((await readBody<ErrorBody>(response, 400)).error).toMatch(message)
  })

  it('says everything that is wrong at once', async () => {
    const farm = await startFarm()
    const response = await farm.send('POST', '/api/jobs', { ...WHOLE_SET, width: 0, span: 'wide' })
    const { error } = await readBody<ErrorBody>(response, 400)
    expect(error.split('; ')).toHaveLength(2)
    expect(error).toMatch(/width: /)
    expect(error).toMatch(/span: /)
  })
})

describe('POST /api/jobs/status', () => {
  it.each<[string, unknown, RegExp]>([
    ['a bare list', ['a'], /^jobs: Missing|^body/],
    ['ids that are no strings', { jobs: [{ id: 'a' }, { id: 7 }] }, /^jobs\.1\.id: /],
    ['an empty id', { jobs: [{ id: '' }] }, /^jobs\.0\.id: /],
    ['a very long id', { jobs: [{ id: 'x'.repeat(101) }] }, /^jobs\.0\.id: /],
    ['a version in words', { jobs: [{ id: 'a', version: '1' }] }, /^jobs\.0\.version: /],
    ['201 ids', { jobs: Array.from({ length: 201 }, () => ({ id: 'a' })) }, /^jobs: at most 200 ids/],
  ])('refuses %s', async (_name, body, message) => {
    const farm = await startFarm()
    const response = await farm.send('POST', '/api/jobs/status', body)
    expect((await readBody<ErrorBody>(response, 400)).error).toMatch(message)
  })
})

describe('PUT /api/faults', () => {
  it.each<[string, unknown, RegExp]>([
    ['a negative latency', { latency: -1 }, /^latency: /],
    ['a latency of more than a minute', { latency: 60_001 }, /^latency: /],
    ['an error rate above 1', { errorRate: 1.1 }, /^errorRate: /],
    ['a hang that is not a boolean', { hang: 'yes' }, /^hang: /],
    ['a negative Retry-After', { retryAfter: -1 }, /^retryAfter: /],
    ['poison that is not a list', { poisonedIds: 'a' }, /^poisonedIds: /],
    ['an unknown fault', { fire: true }, /^fire: There is no such field/],
  ])('refuses %s', async (_name, body, message) => {
    const farm = await startFarm()
    await farm.setFaults({ latency: 1 })
    const response = await farm.send('PUT', '/api/faults', body)
    expect((await readBody<ErrorBody>(response, 400)).error).toMatch(message)
    expect(await (await farm.send('GET', '/api/faults')).json()).toMatchObject({ latency: 1 })
  })
})

describe('every route', () => {
  it('refuses a body that is not JSON', async () => {
    const farm = await startFarm()
    const post = (body: string, type: string): Promise<Response> =>
      fetch(`${farm.url}/api/jobs`, { method: 'POST', body, headers: { 'content-type': type } })
    expect((await readBody<ErrorBody>(await post('{"kind', 'application/json'), 400)).error).toMatch(
      /not valid JSON/,
    )
    expect((await readBody<ErrorBody>(await post('', 'application/json'), 400)).error).toMatch(
      /not valid JSON/,
    )
    const asText = await post(JSON.stringify(WHOLE_SET), 'text/plain')
    expect((await readBody<ErrorBody>(asText, 415)).error).toMatch(/application\/json/)
  })

  it('refuses a body that is too large', async () => {
    const farm = await startFarm()
    const response = await farm.send('PUT', '/api/faults', { poisonedIds: ['x'.repeat(70_000)] })
    expect((await readBody<ErrorBody>(response, 413)).error).toMatch(/larger than 65536 bytes/)
  })

  it('answers 404 for a job and for a path that are not there', async () => {
    const farm = await startFarm()
    for (const [method, path] of [
      ['GET', '/api/jobs/nobody'],
      ['DELETE', '/api/jobs/nobody'],
      ['GET', '/api/jobs/nobody/image'],
    ] as const) {
      const response = await farm.send(method, path)
      expect((await readBody<ErrorBody>(response, 404)).error).toBe('There is no job nobody')
    }
    const response = await farm.send('POST', '/api/nothing', {})
    expect((await readBody<ErrorBody>(response, 404)).error).toBe('There is no POST /api/nothing')
  })
})
