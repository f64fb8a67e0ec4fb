import type { AutoRefresh } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import type { FarmClient } from './farm-client.ts'
import { findElement } from './find-element.ts'
import type { JobList } from './job-list.ts'
import type { Notices } from './notices.ts'
import type { SceneChoice } from './scenes.ts'
import { submitRenders } from './submit-renders.ts'

export interface SubmitBarOptions {
  readonly root: ParentNode
  readonly farm: FarmClient
  readonly cache: AutoRefresh<Job>
  readonly jobs: JobList
  readonly notices: Notices
}

const CHOICES: readonly SceneChoice[] = ['mix', 'mandelbrot', 'julia', 'too-costly']

/** Wires the buttons that submit renders, cancel them all, and clear what is finished. */
export function wireSubmitBar({ root, farm, cache, jobs, notices }: SubmitBarOptions): void {
  const form = findElement(root, '#submit', HTMLFormElement)
  const select = findElement(root, '#scene-choice', HTMLSelectElement)

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const count = event.submitter instanceof HTMLButtonElement ? Number(event.submitter.value) : 1
    const choice = CHOICES.find((known) => known === select.value) ?? 'mix'
    void submit(count, choice)
  })

  async function submit(count: number, choice: SceneChoice): Promise<void> {
    const { jobs: submitted, error } = await submitRenders(farm, count, choice)
    if (error === undefined) notices.news(`${count} ${count === 1 ? 'render' : 'renders'} submitted`)
    else notices.trouble(`${submitted.length} of ${count} renders submitted`, error)
    jobs.add(submitted)
  }

  findElement(root, '#cancel-all', HTMLButtonElement).addEventListener('click', () => {
    void (async () => {
      try {
        const { cancelled } = await farm.cancelAll()
        // Shows what was cancelled now, not an interval later.
        if (cache.isRunning) void cache.refreshAll()
        notices.news(`${cancelled} ${cancelled === 1 ? 'job' : 'jobs'} cancelled`)
      } catch (error) {
        notices.trouble('Could not cancel', error)
      }
    })()
  })

  findElement(root, '#clear-finished', HTMLButtonElement).addEventListener('click', () => {
    const finished = [...cache.ids()].filter((id) => cache.getSnapshot(id).status === 'terminal')
    for (const id of finished) cache.delete(id)
    notices.news(`${finished.length} finished ${finished.length === 1 ? 'job' : 'jobs'} cleared`)
  })
}
