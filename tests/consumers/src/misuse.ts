import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Project } from './project.ts'

export type Adapter = 'react' | 'preact' | 'vue' | 'svelte' | 'solid' | 'lit' | 'angular'

/** Code that compiles only if the adapter's types are found. */
const ADAPTER_USES: Readonly<Record<Adapter, string>> = {
  react: "useAutoRefreshItem(jobs, 'a').item?.rows",
  preact: "useAutoRefreshItem(jobs, 'a').item?.rows",
  vue: "useAutoRefreshItem(jobs, 'a').item.value?.rows",
  angular: "injectAutoRefreshItem(jobs, () => 'a')().item?.rows",
  svelte: "useAutoRefreshItem(jobs, () => 'a').current.item?.rows",
  solid: "useAutoRefreshItem(jobs, () => 'a')().item?.rows",
  lit: "useAutoRefreshItem(host, jobs, () => 'a').value.item?.rows",
}

/** A file that compiles only if the types are found: missing declarations are `any`, which allows everything. */
export function writeMisuse(project: Project, folder: string, adapter?: Adapter): void {
  const lines = [
    "import { until, type AutoRefresh } from '@auto-refresh/core'",
    'declare const jobs: AutoRefresh<{ readonly state: string }>',
    "export const state: Promise<string> = until(jobs, 'a').then((job) => job.state)",
    '// @ts-expect-error -- a job has no such field',
    "export const rows: unknown = jobs.getOrThrow('a').rows",
  ]
  if (adapter !== undefined) {
    const name = adapter === 'angular' ? 'injectAutoRefreshItem' : 'useAutoRefreshItem'
    lines.unshift(`import { ${name} } from '@auto-refresh/${adapter}'`)
    if (adapter === 'lit') lines.push("declare const host: import('lit').LitElement")
    lines.push('// @ts-expect-error -- nor has what is shown of it')
    lines.push(`export const shown = (): unknown => ${ADAPTER_USES[adapter]}`)
  }
  writeFileSync(path.join(project.folder, folder, 'misuse.ts'), `${lines.join('\n')}\n`)
}
