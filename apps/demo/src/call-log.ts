import type { AutoRefresh, AutoRefreshEvent, CallKind } from '@auto-refresh/core'
import { errorMessage } from './error-message.ts'
import { findElement } from './find-element.ts'
import type { Way } from './way.ts'

const CALLS_SHOWN = 8

const KINDS: Readonly<Record<CallKind, string>> = {
  clock: '',
  asked: 'Asked for: ',
  retry: 'Retry: ',
  probe: 'Probe: ',
}

const EMPTY: Readonly<Record<Way, string>> = {
  alone: 'None yet.',
  tabs: 'None: another tab asks, or nobody does.',
  hub: 'None: the server asks, and pushes what is new to this page.',
}

/** Lists the last sync calls, newest first: how many jobs each asked for, and what came of it. */
export function showCallLog<Item>(root: ParentNode, cache: AutoRefresh<Item>, way: Way): () => void {
  findElement(root, '.calls-empty', HTMLElement).textContent = EMPTY[way]
  const list = findElement(root, '#calls', HTMLElement)

  return cache.onEvent((event) => {
    const line = describe(event)
    if (line === undefined) return
    const entry = document.createElement('li')
    entry.className = line.isBad ? 'is-bad' : ''
    const time = document.createElement('time')
    time.textContent = new Date().toLocaleTimeString('en-GB')
    entry.append(time, ' ', line.text)
    list.prepend(entry)
    while (list.children.length > CALLS_SHOWN) list.lastElementChild?.remove()
  })
}

interface Line {
  readonly text: string
  readonly isBad: boolean
}

function describe(event: AutoRefreshEvent<unknown>): Line | undefined {
  switch (event.type) {
    case 'sync-settled': {
      const jobs = `${KINDS[event.kind]}${event.ids.length} ${event.ids.length === 1 ? 'job' : 'jobs'}`
      if (event.error === undefined) {
        return { text: `${jobs} in ${Math.round(event.duration)} ms`, isBad: false }
      }
      return { text: `${jobs}: ${errorMessage(event.error)}`, isBad: true }
    }
    case 'outage-started':
      return { text: 'Outage: three calls in a row failed', isBad: true }
    case 'outage-ended':
      return { text: 'The outage is over', isBad: false }
    case 'paused':
      return { text: `Paused: ${event.reason}`, isBad: false }
    case 'resumed':
      return { text: 'Resumed', isBad: false }
    default:
      return undefined
  }
}
