import { readFileSync } from 'node:fs'
import path from 'node:path'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { App } from '../../../examples/tanstack-query/src/app.tsx'
import { connectJobs } from '../../../examples/tanstack-query/src/connected.ts'
import { advancePage } from './page.tsx'

const SOURCE = path.join(import.meta.dirname, '../../../examples/tanstack-query/src')
const LATENCY = 100

interface Job {
  state: string
  progress: number
}

/** The backend of the examples, as far as the application goes. */
class Backend {
  readonly jobs = new Map<string, Job>()
  /** Ids of the requests for states. */
  readonly asked: string[][] = []
  isDown = false
  refusesToCancel = false

  readonly fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const { pathname, searchParams } = new URL(url, 'http://localhost')
    const ids = searchParams.getAll('id')
    if (ids.length > 0) this.asked.push(ids)
    await new Promise((resolve) => setTimeout(resolve, LATENCY))
    if (this.isDown) return new Response('', { status: 503 })
    if (init.method === 'POST') return this.#post(pathname)
    if (ids.length === 0) return Response.json(Array.from(this.jobs, ([id, job]) => ({ id, ...job })))
    const known = ids.flatMap((id) => (this.jobs.has(id) ? [[id, this.jobs.get(id)] as const] : []))
    return Response.json(Object.fromEntries(known))
  }

  #post(pathname: string): Response {
    const [, , , id, action] = pathname.split('/')
    if (action !== 'cancel' || id === undefined) {
      const added = { state: 'running', progress: 0 }
      this.jobs.set('job-new', added)
      return Response.json({ id: 'job-new', ...added })
    }
    if (this.refusesToCancel) return new Response('', { status: 409 })
    this.jobs.set(id, { state: 'cancelled', progress: 0.5 })
    return Response.json(this.jobs.get(id))
  }
}

describe.each([
  { name: 'with TanStack Query alone', isConnected: false },
  { name: 'with `connect`', isConnected: true },
])('the application of examples/tanstack-query, $name', ({ isConnected }) => {
  let backend: Backend
  let client: QueryClient
  let disconnect: () => void
  let root: Root
  let element: HTMLElement

  beforeEach(async () => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    })
    backend = new Backend()
    for (let n = 1; n <= 20; n++) backend.jobs.set(`job-${n}`, { state: 'running', progress: 0.5 })
    vi.stubGlobal('fetch', backend.fetch)
    client = new QueryClient()
    disconnect = isConnected ? connectJobs(client) : () => undefined
    element = document.createElement('div')
    root = createRoot(element)
    root.render(
      <StrictMode>
        <QueryClientProvider client={client}>
          <App />
        </QueryClientProvider>
      </StrictMode>,
    )
    await advancePage(2 * LATENCY + 10)
  })

  afterEach(async () => {
    root.unmount()
    await advancePage(0)
    disconnect()
    client.clear()
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  function row(id: string): string {
    return (
      [...element.querySelectorAll('li')].map((li) => li.textContent).find((text) => text.startsWith(id)) ??
      ''
    )
  }

  async function click(label: string): Promise<void> {
    const button = [...element.querySelectorAll('button')].find(({ textContent }) => textContent === label)
    if (button === undefined) throw new Error(`There is no button ${label}`)
    button.click()
    await advancePage(1)
  }

  it('shows the jobs, and polls them until they have ended', async () => {
    expect(row('job-1:')).toBe('job-1: running Cancel job-1')
    expect(element.querySelector('[role=status]')?.textContent).toContain('20 running')
    const before = backend.asked.length
    expect(before).toBe(isConnected ? 1 : 20)
    for (const job of backend.jobs.values()) job.state = 'done'
    await advancePage(2000 + LATENCY + 300)
    expect(row('job-1:')).toBe('job-1: done ')
    const after = backend.asked.length
    expect(after - before).toBe(isConnected ? 1 : 20)
    await advancePage(10_000)
    expect(backend.asked).toHaveLength(after)
  })

  it('cancels at once, and a poll does not put the job back', async () => {
    await click('Cancel job-2')
    expect(row('job-2:')).toContain('job-2: cancelled')
    await advancePage(LATENCY)
    await advancePage(3000)
    expect(row('job-2:')).toBe('job-2: cancelled ')
  })

  it('shows the job as before if the server refuses', async () => {
    backend.refusesToCancel = true
    await click('Cancel job-2')
    expect(row('job-2:')).toContain('job-2: cancelled')
    await advancePage(2 * LATENCY + 10)
    expect(row('job-2:')).toContain('job-2: running')
  })

  it('starts a job, which appears in the list', async () => {
    await click('Start a job')
    await advancePage(3 * LATENCY + 10)
    expect(row('job-new:')).toContain('job-new: running')
  })

  it('shows an error beside the old value when the server is down for long, and recovers', async () => {
    backend.isDown = true
    await advancePage(30_000)
    expect(row('job-1:')).toContain('running')
    expect(row('job-1:')).toContain('HTTP 503 Try again')
    expect(element.querySelector('[role=status]')?.textContent).toContain('20 cannot be refreshed')
    backend.isDown = false
    await click('Refresh all')
    await advancePage(10_000)
    expect(row('job-1:')).not.toContain('HTTP 503')
  })

  it('shows the details of the job that is selected', async () => {
    await click('job-3')
    expect(element.querySelector('h2')?.textContent).toBe('job-3: 50 %')
  })
})

describe('moving over', () => {
  it('changes two lines of the application, beside the new file with the cache', () => {
    const read = (name: string): string[] =>
      readFileSync(path.join(SOURCE, name), 'utf8').trimEnd().split('\n')
    const before = read('main.tsx')
    const after = read('main-connected.tsx')
    expect(after.filter((line) => !before.includes(line))).toEqual([
      "import { connectJobs } from './connected'",
      'connectJobs(queryClient)',
    ])
    expect(before.filter((line) => !after.includes(line))).toEqual([])
    expect(read('connected.ts').length).toBeLessThanOrEqual(30)
  })
})
