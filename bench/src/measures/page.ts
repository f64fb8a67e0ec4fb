import { Window } from 'happy-dom'
import type { Framework, Page } from '../pages/page.ts'
import { spend } from '../world/cpu.ts'
import type { Work } from '../world/work.ts'
import { createVirtualWorld } from '../world/world.ts'
import { playRound, type Numbers } from './refresh.ts'

/** Turns of the event loop in which the page is mounted. */
const MOUNTING = 1000
/** Rounds until the code is compiled. After a fifth of them, the larger programs are still being compiled. */
const WARM_UP = { least: 10, milliseconds: 1500 }
const MEASURED = { least: 5, milliseconds: 500 }

/** CPU ms, renders and commits of a round in a page of rows, in a DOM without a browser (happy-dom). */
export async function measurePage(framework: Framework, name: string, work: Work): Promise<Numbers> {
  // Frameworks read both when they are loaded.
  process.env['NODE_ENV'] = 'production'
  const window = new Window()
  const { document, Element, SVGElement, Node } = window
  Object.assign(globalThis, { window, document, Element, SVGElement, Node })
  const world = createVirtualWorld(work)
  const page = await loadPage(framework, name)

  let renders = 0
  let commits = 0
  let isInCommit = false
  const onCommit = (): void => {
    if (isInCommit) return
    commits += 1
    isInCommit = true
    queueMicrotask(() => {
      isInCommit = false
    })
  }
  const container = globalThis.document.createElement('div')
  page({ container, world, onRender: () => (renders += 1), onCommit })
  const round = async (): Promise<void> => {
    await playRound(world)
    await world.time.advanceTo()
  }
  for (let turn = 0; turn < MOUNTING; turn++) await world.time.settle()
  await world.time.advanceTo()
  await spend(WARM_UP, round)
  renders = 0
  commits = 0
  const { calls, changed } = world.backend
  const { microseconds, steps } = await spend(MEASURED, round)
  const shown = [...container.querySelectorAll('li')].reduce((sum, row) => sum + Number(row.textContent), 0)
  if (shown < world.backend.changed * 0.9) {
    throw new Error(`the page shows ${shown} of ${world.backend.changed} changes`)
  }
  return {
    milliseconds: microseconds / 1000 / steps,
    renders: renders / steps,
    commits: commits / steps,
    calls: (world.backend.calls - calls) / steps,
    changed: (world.backend.changed - changed) / steps,
  }
}

type Pages = Readonly<Record<string, Page>>

const PAGES_OF: Readonly<Record<Framework, () => Promise<{ readonly pages: Pages }>>> = {
  react: () => import('../pages/react-pages.ts'),
  vue: () => import('../pages/vue-pages.ts'),
  query: () => import('../pages/query-pages.ts'),
}

async function loadPage(framework: Framework, name: string): Promise<Page> {
  const { pages } = await PAGES_OF[framework]()
  const page = pages[name]
  if (page === undefined) throw new Error(`there is no page ${name} in ${framework}`)
  return page
}
