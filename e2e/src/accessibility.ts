import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, ImpactValue } from 'axe-core'
import { inPage, type Tab } from './tab.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** An accessibility problem. */
export interface Barrier {
  readonly rule: string
  readonly impact: ImpactValue
  /** Selectors of the elements. */
  readonly places: readonly string[]
}

/** Returns the problems that axe finds in the page. */
export async function findBarriers(tab: Tab): Promise<Barrier[]> {
  await tab.evaluate(`(() => { ${AXE} })()`)
  return inPage(
    tab,
    async () => {
      const { violations } = await window.axe.run()
      return violations.map(({ id, impact, nodes }) => ({
        rule: id,
        impact: impact ?? null,
        places: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary ?? ''}`),
      }))
    },
    undefined,
  )
}

declare global {
  interface Window {
    axe: { readonly run: () => Promise<AxeResults> }
  }
}
