import type { JobState } from '@auto-refresh/demo-server/api'
import { eventually } from '@auto-refresh/browsers'
import { inPage, type Tab } from './tab.ts'

/** One job as one of the page's panels shows it. */
export interface ShownJob {
  readonly panel: string
  readonly id: string
  readonly state: string
  readonly rows: { readonly done: number; readonly total: number }
  /** The error of the job or of its refreshes, or ''. */
  readonly error: string
  /** Pixels; 0 before there is a picture. */
  readonly pictureWidth: number
}

export type SceneChoice = 'mix' | 'mandelbrot' | 'julia' | 'too-costly'
const CONDITIONS = [
  'stopped',
  'paused',
  'hidden',
  'offline',
  'running',
  'waiting',
  'backing-off',
  'rate-limited',
  'outage',
] as const
export type Condition = (typeof CONDITIONS)[number]

/** A state of a job that the page showed at some time. */
export interface SeenState {
  readonly panel: string
  readonly id: string
  readonly state: string
  readonly error: string
}

declare global {
  interface Window {
    /** The list that `watchStates` fills. */
    seenStates?: SeenState[]
  }
}

const LOAD_DEADLINE = 90_000
const PANEL_DEADLINE = 90_000

const FINISHED: readonly string[] = ['succeeded', 'failed', 'cancelled'] satisfies JobState[]

/** The page of the demo, and its jobs. */
export class FarmPage {
  readonly #tab: Tab

  private constructor(tab: Tab) {
    this.#tab = tab
  }

  /** Opens the page without jobs and timers of its own, with a cache of its own, and waits until it shows the farm's jobs. */
  static async open(tab: Tab, url: string, jobs = 0): Promise<FarmPage> {
    return FarmPage.visit(tab, `${url}/?quiet&by=alone`, jobs)
  }

  /** Opens the page as a visitor does, and waits until it shows a number of jobs. */
  static async visit(tab: Tab, url: string, jobs = 0): Promise<FarmPage> {
    await tab.goto(url)
    const page = new FarmPage(tab)
    await eventually(async () => ((await page.jobIds()).size >= jobs ? true : undefined), {
      within: LOAD_DEADLINE,
      awaited: `a page with ${jobs} jobs`,
    })
    return page
  }

  /** Chooses a scene, and presses the button that submits this number of jobs. */
  async submit(count: 1 | 12 | 60, scene: SceneChoice = 'mix'): Promise<void> {
    await inPage(
      this.#tab,
      (choice) => {
        const select = document.querySelector('select')
        if (select === null) throw new Error('There is no choice of scenes')
        select.value = choice
        select.dispatchEvent(new Event('change', { bubbles: true }))
      },
      scene,
    )
    await this.#tab.click(`button[aria-label="Submit ${count} ${count === 1 ? 'render' : 'renders'}"]`)
  }

  async refreshNow(): Promise<void> {
    await this.#tab.click('#refresh-all')
  }

  /** Presses the job's own button, in the first panel that shows it. */
  async cancel(id: string): Promise<void> {
    await this.#tab.click(`[data-job-id="${id}"] button`)
  }

  /** Returns the content of every panel, in the order of the page. */
  async jobs(): Promise<ShownJob[]> {
    return inPage(
      this.#tab,
      () =>
        Array.from(document.querySelectorAll<HTMLElement>('[data-job-id]'), (card) => {
          const progress = card.querySelector('progress')
          return {
            panel: card.closest<HTMLElement>('[data-panel]')?.dataset['panel'] ?? 'page',
            id: card.dataset['jobId'] ?? '',
            state: card.dataset['state'] ?? '',
            rows: { done: progress?.value ?? 0, total: progress?.max ?? 0 },
            error: card.querySelector('.card-error')?.textContent ?? '',
            pictureWidth: card.querySelector('img')?.naturalWidth ?? 0,
          }
        }),
      undefined,
    )
  }

  async jobIds(): Promise<Set<string>> {
    return new Set((await this.jobs()).map(({ id }) => id))
  }

  /** Returns the number of these jobs (default: all) that are in a state in every panel that shows them. */
  async countIn(state: JobState | 'finished', among?: readonly string[]): Promise<number> {
    const chosen = new Set(among)
    const jobs = (await this.jobs()).filter(({ id }) => among === undefined || chosen.has(id))
    const isIn = (shown: string): boolean =>
      state === 'finished' ? FINISHED.includes(shown) : shown === state
    const others = new Set(jobs.filter((job) => !isIn(job.state)).map(({ id }) => id))
    return new Set(jobs.map(({ id }) => id).filter((id) => !others.has(id))).size
  }

  /** Returns the jobs that some panel shows as unfinished. */
  async unfinished(among: readonly string[]): Promise<string[]> {
    const open = new Set(
      (await this.jobs()).filter(({ state }) => !FINISHED.includes(state)).map(({ id }) => id),
    )
    return among.filter((id) => open.has(id))
  }

  /** Returns the jobs that some panel shows as not refreshed. */
  async failing(): Promise<string[]> {
    const failing = (await this.jobs()).filter(({ error }) => error.startsWith('Could not refresh'))
    return [...new Set(failing.map(({ id }) => id))]
  }

  /** Returns the jobs that some panel has shown as not refreshed since `watchStates`. */
  async haveFailed(): Promise<string[]> {
    const failing = (await this.seenStates()).filter(({ error }) => error.startsWith('Could not refresh'))
    return [...new Set(failing.map(({ id }) => id))]
  }

  async condition(): Promise<Condition> {
    const shown = await inPage(
      this.#tab,
      () => document.querySelector<HTMLElement>('[data-condition]')?.dataset['condition'],
      undefined,
    )
    const known = CONDITIONS.find((one) => one === shown)
    if (known === undefined) throw new Error(`The page's condition is ${String(shown)}`)
    return known
  }

  /** From now on, notes every state and every error of every card. */
  async watchStates(): Promise<void> {
    await inPage(
      this.#tab,
      () => {
        const seen: SeenState[] = []
        window.seenStates = seen
        const note = (card: HTMLElement): void => {
          const panel = card.closest<HTMLElement>('[data-panel]')?.dataset['panel'] ?? 'page'
          const error = card.querySelector('.card-error')?.textContent ?? ''
          seen.push({ panel, id: card.dataset['jobId'] ?? '', state: card.dataset['state'] ?? '', error })
        }
        for (const card of document.querySelectorAll<HTMLElement>('[data-job-id]')) note(card)
        new MutationObserver((changes) => {
          for (const { type, target, addedNodes } of changes) {
            const nodes = type === 'attributes' ? [target] : [...addedNodes]
            for (const node of nodes) {
              if (!(node instanceof HTMLElement)) continue
              const around = node.closest<HTMLElement>('[data-job-id]')
              if (around !== null) note(around)
              for (const card of node.querySelectorAll<HTMLElement>('[data-job-id]')) note(card)
            }
          }
        }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-state'] })
      },
      undefined,
    )
  }

  /** Returns the states that `watchStates` has noted, in order. */
  seenStates(): Promise<readonly SeenState[]> {
    return inPage(this.#tab, () => window.seenStates ?? [], undefined)
  }

  /** Scrolls to the first picture that is not there yet, because a picture is fetched when it comes near. */
  async lookForPictures(): Promise<void> {
    await inPage(
      this.#tab,
      () => {
        const pictures = [...document.querySelectorAll<HTMLImageElement>('[data-job-id] img')]
        pictures.find(({ naturalWidth }) => naturalWidth === 0)?.scrollIntoView({ block: 'center' })
      },
      undefined,
    )
  }

  /** Returns the cache's counts, as the page shows them. */
  async stat(name: 'subscribers' | 'size' | 'sync-calls'): Promise<number> {
    const text = await inPage(
      this.#tab,
      (stat) => document.querySelector(`main:not([hidden]) [data-stat="${stat}"]`)?.textContent ?? '',
      name,
    )
    return Number(text.replaceAll(/[^\d]/g, ''))
  }

  /** Presses the button that removes a panel or adds it again, and waits for the result. */
  async togglePanel(panel: 'react' | 'vue' | 'preact'): Promise<void> {
    const wanted = (await this.#panelState(panel)) === 'mounted' ? 'unmounted' : 'mounted'
    // A pointer could miss the button, because the page moves while the panel above it fills.
    await inPage(
      this.#tab,
      (name) => document.querySelector<HTMLButtonElement>(`[data-panel="${name}"] [data-mount]`)?.click(),
      panel,
    )
    await eventually(async () => ((await this.#panelState(panel)) === wanted ? true : undefined), {
      within: PANEL_DEADLINE,
      awaited: `the panel of ${panel} to be ${wanted}`,
    })
  }

  /** Goes to another route by its link. */
  async go(route: 'jobs' | 'rows'): Promise<void> {
    await this.#tab.click(`nav a[href="${route === 'rows' ? '#/rows' : '#/'}"]`)
  }

  /** True if the page is wider than the tab. */
  scrollsSideways(): Promise<boolean> {
    return inPage(
      this.#tab,
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      undefined,
    )
  }

  /** Returns the numbers of the table's rows that are rendered; the first is its head. */
  shownRows(): Promise<number[]> {
    return inPage(
      this.#tab,
      () =>
        Array.from(document.querySelectorAll('[data-node-id]'), (row) =>
          Number(row.getAttribute('aria-rowindex')),
        ),
      undefined,
    )
  }

  /** True if this element has the keyboard's focus. */
  hasFocus(selector: string): Promise<boolean> {
    return inPage(this.#tab, (wanted) => document.activeElement?.matches(wanted) ?? false, selector)
  }

  /** Returns the state of a panel on a page with jobs, which a mounted panel shows. */
  async #panelState(panel: string): Promise<'mounted' | 'unmounted' | 'between'> {
    const [isMounted, hasCards] = await inPage(
      this.#tab,
      (name) => {
        const section = document.querySelector<HTMLElement>(`[data-panel="${name}"]`)
        return [
          section?.dataset['mounted'] === 'true',
          section?.querySelector('[data-job-id]') instanceof Element,
        ]
      },
      panel,
    )
    if (isMounted !== hasCards) return 'between'
    return isMounted ? 'mounted' : 'unmounted'
  }
}
