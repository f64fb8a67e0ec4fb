import type { AutoRefresh } from '@auto-refresh/core'
import type { HubReport, Job, Traffic } from '@auto-refresh/demo-server/api'
import { SharedAutoRefresh } from '@auto-refresh/share'
import { findElement } from './find-element.ts'
import type { OneItem } from './one-item.ts'
import { OwnPolls } from './own-polls.ts'
import { setText } from './set-text.ts'
import { describeSharing, type Sharing } from './sharing-text.ts'
import { searchFor, type Way } from './way.ts'

/** ms */
const REDRAW_INTERVAL = 250
/** Pages that the third number is about. */
const PAGES = 10

export interface SharingOptions {
  readonly root: ParentNode
  readonly way: Way
  readonly cache: AutoRefresh<Job>
  readonly traffic: OneItem<Traffic>
  readonly report: OneItem<HubReport>
}

const ROLES: Readonly<Record<Sharing['role'], string>> = {
  leader: 'Leads',
  follower: 'Follows',
  joining: 'Joins',
  alone: 'Alone',
  out: 'Out',
}

/** Shows who asks the farm, in which group this tab is, and what that saves. Links to the same page by the other ways. */
export function showSharing({ root, way, cache, traffic, report }: SharingOptions): () => void {
  const section = findElement(root, '#sharing', HTMLElement)
  const part = (name: string): HTMLElement => findElement(section, `[data-sharing="${name}"]`, HTMLElement)
  const parts = {
    who: part('who'),
    own: part('own'),
    all: part('all'),
    apart: part('apart'),
    role: part('role'),
  }
  const polls = new OwnPolls(() => performance.now())
  let before: number | undefined

  for (const link of section.querySelectorAll<HTMLAnchorElement>('a[data-way]')) {
    const named = link.dataset['way']
    if (named !== 'alone' && named !== 'tabs' && named !== 'hub') continue
    link.search = searchFor(named, location.search)
    if (named === way) link.setAttribute('aria-current', 'true')
  }
  findElement(section, '#second-window', HTMLButtonElement).addEventListener('click', () => {
    // A tab behind another one is hidden, and takes no part: two windows are seen at a time.
    window.open(
      location.href,
      '',
      `width=${Math.min(screen.availWidth / 2, 900)},height=${screen.availHeight}`,
    )
  })

  function redraw(): void {
    const active = [...cache.ids()].filter((id) => cache.getSnapshot(id).status === 'active').length
    const isRunning = cache.getStatus().state === 'running'
    polls.look(isRunning ? active : 0)
    const requests = traffic.current?.status.requests
    before ??= requests
    const role = roleOf(cache)
    const { members } = cache instanceof SharedAutoRefresh ? cache.stats() : { members: 1 }
    section.dataset['role'] = role
    setText(parts.role, members > 1 ? `${ROLES[role]} · ${members} tabs` : ROLES[role])
    setText(parts.who, describeSharing({ way, role, members, report: report.current }))
    setText(parts.own, cache.stats().syncCalls.toLocaleString('en'))
    setText(parts.all, ((requests ?? 0) - (before ?? 0)).toLocaleString('en'))
    setText(parts.apart, (PAGES * polls.count).toLocaleString('en'))
  }

  redraw()
  const ends = [traffic.follow(redraw), way === 'hub' ? report.follow(redraw) : () => undefined]
  const timer = setInterval(redraw, REDRAW_INTERVAL)
  return () => {
    clearInterval(timer)
    for (const end of ends) end()
  }
}

function roleOf(cache: AutoRefresh<Job>): Sharing['role'] {
  if (cache instanceof SharedAutoRefresh) return cache.stats().role
  return cache.getStatus().state === 'running' ? 'alone' : 'out'
}
