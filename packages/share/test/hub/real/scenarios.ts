import { connect } from 'node:net'
import { SharedAutoRefresh } from '@auto-refresh/share'
import { hubClient } from '@auto-refresh/share/hub-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RuntimeName } from '../../../../../examples/test/runtimes.ts'
import { type Served, serve } from './serve.ts'

interface Job {
  readonly step: number
}

/** Waits until something is true, in real time. */
async function eventually(isTrue: () => boolean | Promise<boolean>, limit = 10_000): Promise<number> {
  const start = performance.now()
  while (!(await isTrue())) {
    if (performance.now() - start > limit) throw new Error(`not within ${limit} ms: ${String(isTrue)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return performance.now() - start
}

const bodyOf = (ids: readonly string[]): string =>
  JSON.stringify({
    v: 1,
    shape: '',
    from: 'raw',
    asks: [{ type: 'ask', n: 1, full: true, add: ids.map((id) => ({ id })) }],
  })

/** What holds for a hub in every runtime. @param isLong true: with what takes its time */
export function hubIn(runtime: RuntimeName, isLong: boolean): void {
  describe(`a hub in ${runtime}`, () => {
    let server: Served
    const open: SharedAutoRefresh<Job>[] = []

    beforeAll(async () => {
      server = await serve(runtime)
    })
    afterAll(async () => {
      await Promise.all(open.map((cache) => cache.stop()))
      await server.kill()
    })

    const join = (received: { text: string; openings: number }): SharedAutoRefresh<Job> => {
      const cache = new SharedAutoRefresh<Job>({
        ...hubClient<Job>({
          url: server.url,
          fetch: async (url, init) => {
            if (url.endsWith('/stream')) received.openings += 1
            const headers = { ...Object.fromEntries(new Headers(init.headers)), user: 'me' }
            const response = await fetch(url, { ...init, headers })
            if (response.body === null) return response
            const decoder = new TextDecoder()
            const told = response.body.pipeThrough(
              new TransformStream<Uint8Array, Uint8Array>({
                transform: (chunk, controller) => {
                  received.text += decoder.decode(chunk, { stream: true })
                  controller.enqueue(chunk)
                },
              }),
            )
            return new Response(told, response)
          },
        }),
        interval: 1000,
        group: 'me',
      }).start()
      open.push(cache)
      return cache
    }

    it('H3, H9: values, changes and refreshes by one stream; stopping ends it', async () => {
      const received = { text: '', openings: 0 }
      const cache = join(received)
      cache.getOrCreate('x')
      await eventually(() => cache.get('x')?.step === 0)
      await server.control('set?step=1')
      await eventually(() => cache.get('x')?.step === 1)
      cache.getOrCreate('y')
      await eventually(() => cache.get('y')?.step === 1)
      await cache.refresh('y')
      expect(cache.stats().role).toBe('follower')
      expect(received.openings).toBe(1)
      await cache.stop()
      await eventually(async () => (await server.stats()).clients === 0)
    })

    it('H2: who is nobody is refused', async () => {
      const response = await fetch(`${server.url}/stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: bodyOf(['x']),
      })
      expect(response.status).toBe(401)
    })

    it('H9: a socket that closes without a word ends its stream', async () => {
      const body = bodyOf(['x'])
      const socket = connect(server.port, '127.0.0.1')
      socket.write(
        `POST /jobs/stream HTTP/1.1\r\nhost: x\r\nuser: me\r\ncontent-type: application/json\r\n` +
          `content-length: ${body.length}\r\n\r\n${body}`,
      )
      await eventually(async () => (await server.stats()).clients === 1)
      socket.destroy()
      await eventually(async () => (await server.stats()).clients === 0, 20_000)
    })

    it('H5: Silent opening: the head comes at once, although the source is silent', async () => {
      await server.control('set?silent=true')
      const abort = new AbortController()
      const start = performance.now()
      const response = await fetch(`${server.url}/stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', user: 'me' },
        body: bodyOf(['silent']),
        signal: abort.signal,
      })
      const reader = response.body?.getReader()
      const first = await reader?.read()
      expect(new TextDecoder().decode(first?.value)).toContain('event: beat')
      // The bound of the situation is 100 ms; a machine that runs other suites beside this one needs more.
      expect(performance.now() - start).toBeLessThan(1000)
      await server.control('set')
      if (isLong) {
        // Bun ends by default what is silent for 10 s, so that a beat has to come before.
        const end = performance.now() + 21_000
        let last = performance.now()
        let longest = 0
        while (performance.now() < end) {
          const chunk = await reader?.read()
          expect(chunk?.done).toBe(false)
          longest = Math.max(longest, performance.now() - last)
          last = performance.now()
        }
        expect(longest).toBeLessThan(8000)
      }
      abort.abort()
      await eventually(async () => (await server.stats()).clients === 0)
    })

    it('H4: a server that is killed and started again sends nothing that the client has', async () => {
      const received = { text: '', openings: 0 }
      const cache = join(received)
      for (let index = 0; index < 20; index += 1) cache.getOrCreate(`job-${index}`)
      await eventually(() =>
        Array.from({ length: 20 }, (_, index) => cache.get(`job-${index}`)).every(Boolean),
      )
      const { port } = server
      const step = cache.get('job-0')?.step
      await server.kill()
      received.text = ''
      server = await serve(runtime, port, step)
      await eventually(() => received.text.includes('event: ack'), 20_000)
      await eventually(async () => (await server.stats()).clients === 1)
      await new Promise((resolve) => setTimeout(resolve, 500))
      expect(received.text).not.toContain('"item"')
      expect(cache.stats().role).toBe('follower')
      await cache.stop()
    })

    if (!isLong) return

    it('H9: A reader that stops reading is ended, and the others are on time', async () => {
      await server.control('set?padding=20000')
      const ids = Array.from({ length: 200 }, (_, index) => `wide-${index}`)
      const body = bodyOf(ids)
      const socket = connect(server.port, '127.0.0.1')
      socket.write(
        `POST /jobs/stream HTTP/1.1\r\nhost: x\r\nuser: me\r\ncontent-type: application/json\r\n` +
          `content-length: ${body.length}\r\n\r\n${body}`,
      )
      socket.pause()
      const cache = join({ text: '', openings: 0 })
      cache.getOrCreate('wide-0')
      await eventually(() => cache.get('wide-0') !== undefined)
      const start = performance.now()
      for (let step = 100; ; step += 1) {
        await server.control(`set?step=${step}`)
        await eventually(() => cache.get('wide-0')?.step === step, 3000)
        if ((await server.stats()).clients === 1) break
        expect(performance.now() - start).toBeLessThan(60_000)
      }
      socket.destroy()
      await server.control('set?padding=0')
      await cache.stop()
    })

    it('H7: closing ends the streams, and the clients come back, spread', async () => {
      const received = { text: '', openings: 0 }
      const cache = join(received)
      cache.getOrCreate('x')
      await eventually(() => cache.get('x') !== undefined)
      await server.control('close')
      await eventually(() => /retry: \d+/.test(received.text))
      const retry = Number(/retry: (\d+)/.exec(received.text)?.[1])
      expect(retry).toBeGreaterThanOrEqual(1000)
      expect(received.openings).toBe(1)
      await eventually(() => received.openings === 2, 15_000)
      await cache.stop()
    })
  })
}
