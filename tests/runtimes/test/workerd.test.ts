import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'

const ask = async (path: string): Promise<unknown> =>
  (await env.POLLING_WORKER.fetch(`https://worker.test${path}`)).json()

it('this is workerd', () => {
  expect(navigator.userAgent).toBe('Cloudflare-Workers')
})

it('L6, T4: a cache that is made at module scope polls in a request', async () => {
  expect(await ask('/polls')).toEqual({ step: 3 })
})

it('T4: a cache of a Durable Object polls between its requests', async () => {
  const watcher = env.JOB_WATCHER.get(env.JOB_WATCHER.idFromName('jobs'))
  const last = await watcher.fetch('https://worker.test/')
  expect(await last.json()).toEqual({ step: 3 })
})

it('F7: an error of a listener is reported by reportError, and the Worker goes on', async () => {
  expect(await ask('/throws')).toEqual({ reported: ['Error: listener'], last: { step: 3 } })
})

it('keepAlive: timers have no unref here', () => {
  const timer = setTimeout(() => undefined, 1)
  expect(timer).toBeTypeOf('number')
  clearTimeout(timer)
})
