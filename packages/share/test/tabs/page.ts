import { SharedAutoRefresh, tabs } from '@auto-refresh/share/tabs'

/** The page of the tests: one cache, which each test drives by `evaluate`. */
const query = new URLSearchParams(location.search)
const interval = Number(query.get('interval') ?? 500)
/** When this page saw a new value, by the clock that all pages share. */
const seen: { at: number; value: number }[] = []
/** When this page took its role, by the same clock. */
let roleSince = 0
/** Time (ms) and messages that it took until this page had a value. */
let first: { readonly after: number; readonly sent: number } | undefined
let returns = 0

interface Job {
  readonly value: number
}

const jobs = new SharedAutoRefresh<Job>({
  interval,
  jitter: 0,
  group: query.get('user') ?? 'me',
  transport: tabs('jobs'),
  sync: async (batch, { signal }) => {
    const ids = batch.map(({ id }) => id).join(',')
    const response = await fetch(`/jobs?page=${query.get('page')}&user=${query.get('user')}&ids=${ids}`, {
      signal,
    })
    const states = (await response.json()) as Record<string, Job>
    return Object.entries(states).map(([id, item]) => ({ id, item }))
  },
})
window.addEventListener('pagehide', () => localStorage.setItem('left', String(Date.now())))
window.addEventListener('pageshow', ({ persisted }) => (returns += persisted ? 1 : 0))
jobs.onEvent(({ type }) => {
  if (type === 'role') roleSince = Date.now()
})
const startedAt = performance.now()
const note = (): void => {
  first ??= { after: performance.now() - startedAt, sent: jobs.stats().messagesSent }
  seen.push({ at: Date.now(), value: jobs.get('x')?.value ?? -1 })
}
jobs.subscribe('x', note, { create: true })
jobs.start()
Object.assign(window, {
  jobs,
  seen,
  told: () => ({
    ...jobs.stats(),
    value: jobs.get('x')?.value,
    roleSince,
    leftAt: Number(localStorage.getItem('left')),
    first,
    returns,
    seen: seen.length,
  }),
  block: (ms: number) => {
    const end = Date.now() + ms
    while (Date.now() < end);
  },
})
