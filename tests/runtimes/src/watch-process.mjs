// A process whose only work is a cache. With `keep` the cache keeps the process alive, with `let-go` it does not.
// The third refresh is the last. Runs in Node, Deno and Bun on the build of the core.
import { InMemoryAutoRefresh } from '@auto-refresh/core'

const [, , mode, listener] = process.argv
const jobs = new InMemoryAutoRefresh({
  interval: mode === 'keep' ? 20 : 600_000,
  keepAlive: mode === 'keep',
  isTerminal: (step) => step === 3,
  sync: (batch) => batch.map(({ id, item }) => ({ id, item: (item ?? 0) + 1 })),
}).start()

jobs.getOrCreate('job', 0)
jobs.subscribe('job', () => {
  console.log(`step ${jobs.get('job')}`)
  if (listener === 'throws') throw new Error('thrown by a listener')
})
