/** The page under a strict policy: it uses all features of the library, and finally does something that the policy forbids. */
import { InMemoryAutoRefresh, until, watch } from '@auto-refresh/core'
import { useAutoRefreshItem } from '@auto-refresh/react'
import type { ReactElement } from 'react'
import { createRoot } from 'react-dom/client'

interface Job {
  readonly step: number
}

const violations: string[] = []
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  violations.push(`${violatedDirective} ${blockedURI}`)
})
addEventListener('error', ({ message }) => violations.push(message))

let isOut = false
const jobs = new InMemoryAutoRefresh<Job>({
  interval: 10,
  isTerminal: ({ step }) => step >= 5,
  async sync(batch) {
    isOut = !isOut
    if (isOut) throw new Error('out of order')
    const response = await fetch('/nothing')
    return batch.map(({ id, item }) => ({
      id,
      item: { step: (item?.step ?? 0) + Number(response.status === 404) },
    }))
  },
})

function App(): ReactElement {
  const { item } = useAutoRefreshItem(jobs, 'a', { initialItem: { step: 0 } })
  return <p>{`step ${item?.step}`}</p>
}

const main = document.querySelector('main')
if (main === null) throw new Error('there is no main')
createRoot(main).render(<App />)
jobs.getOrCreate('a', { step: 0 })
let steps = 0
for await (const _ of watch(jobs, 'a')) steps += 1
await until(jobs, 'a')
await turn()
const shown = main.textContent
const before = violations.splice(0)
try {
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- the policy is to forbid it
  violations.push(String(new Function('return 1')))
} catch {
  // The policy forbids it.
}
await turn()
globalThis.policyReport = { shown, steps, violations: before, evilViolations: violations }

/** Waits for the reports, which come in a later task. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100))
}
