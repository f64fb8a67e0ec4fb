import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { SLOW } from './scenes.ts'
import { FarmClient, startFarm } from './start-farm.ts'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

interface FarmProcess {
  readonly child: ChildProcess
  readonly output: () => string
}

function startProcess(env: Readonly<Record<string, string>>): FarmProcess {
  const child = spawn(process.execPath, [main], { env: { ...process.env, ...env }, stdio: 'pipe' })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  child.stdout.on('data', (chunk) => (output += String(chunk)))
  child.stderr.on('data', (chunk) => (output += String(chunk)))
  return { child, output: () => output }
}

async function printedUrl({ child, output }: FarmProcess): Promise<string> {
  while (!output().includes('\n')) await once(child.stdout ?? child, 'data')
  return /^Render farm: (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(output())?.[1] ?? `not printed: ${output()}`
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'prints its address, and stops at %s while it renders',
  async (signal) => {
    const running = startProcess({ PORT: '0' })
    const farm = new FarmClient(await printedUrl(running))
    const id = await farm.submit(SLOW)
    await farm.submit(SLOW)
    await farm.until(id, 'running')
    await farm.setFaults({ hang: true })
    const hanging = farm.status([{ id }]).catch((error: unknown) => error)

    const stoppedAt = Date.now()
    running.child.kill(signal)
    expect(await once(running.child, 'exit')).toEqual([0, null])
    expect(Date.now() - stoppedAt).toBeLessThan(3000)
    expect(await hanging).toBeInstanceOf(TypeError)
  },
)

it('names the port that is taken, and how to choose another one', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  const { child, output } = startProcess({ PORT: port })
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(output()).toMatch(
    new RegExp(`^Port ${port} is already in use. Choose another one: PORT=\\d+ npm start\\n$`),
  )
})

it('rejects a PORT that is no port number', async () => {
  const { child, output } = startProcess({ PORT: 'http' })
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(output()).toBe('PORT must be an integer from 0 to 65535, got "http"\n')
})

it('says what is missing for several servers, and leaves nothing running', async () => {
  const { child, output } = startProcess({ PORT: '0', SERVERS: '3', PATH: '', REDIS_URL: '', VALKEY_URL: '' })
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(output()).toContain('there is no valkey-server and no redis-server on the PATH')
  expect(output()).toContain('or start one server, which needs none: npm start')
})

it('says that a store does not answer', async () => {
  const { child, output } = startProcess({ PORT: '0', SERVERS: '3', REDIS_URL: 'redis://127.0.0.1:1' })
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(output()).toMatch(/^REDIS_URL names redis:\/\/127.0.0.1:1, which does not answer/)
})

it('rejects a number of servers that is too high', async () => {
  const { child, output } = startProcess({ PORT: '0', SERVERS: '10' })
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(output()).toBe('--servers must be an integer from 1 to 9, got "10"\n')
})

it('serves the page beside the API', async () => {
  const pageFolder = await mkdtemp(join(tmpdir(), 'page-'))
  onTestFinished(() => rm(pageFolder, { recursive: true }))
  await writeFile(join(pageFolder, 'index.html'), '<title>The page</title>')
  const farm = await startFarm({ pageFolder })
  const response = await fetch(farm.url)
  expect(response.headers.get('content-type')).toContain('text/html')
  expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
  expect(await response.text()).toBe('<title>The page</title>')
  expect((await fetch(`${farm.url}/..%2fpackage.json`)).status).toBe(404)
  expect((await farm.send('GET', '/api/traffic')).status).toBe(200)
})
