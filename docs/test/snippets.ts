import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const docs = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const root = path.join(docs, '..')
const folder = path.join(docs, 'extracted')

/** A block of code in a page. */
export interface Snippet {
  readonly page: string
  readonly line: number
  /** The file to which the block was written, to be compiled and run. */
  readonly file: string
  /** Marked `ts run`: it is executed, and must not throw. */
  readonly isRun: boolean
  readonly code: string
  /** Marked `ts file=…`: it shows this file of `docs/recipes`, which is used elsewhere as well. */
  readonly shows: string | undefined
}

/** ```` ```tsx preact [src/app.tsx] ````: the language, marks, and a title, which is a file's name if it ends like one. */
const BLOCK = /^```(tsx?|jsx?|vue|svelte)((?: [^\s[]+)*)(?: \[([^\]]+)\])?\n(.*?)^```$/gms

/** Pages of one application use its cache without showing it again. */
const JOBS = `export { jobs, type Job } from '../../test/jobs.ts'\n`

/** A block marked `ts option` is one option of a cache of these items. */
const OPTION = `import { lru, rateLimit, type AutoRefreshOptions, type SyncResponse } from '@auto-refresh/core'
import { VirtualClock, VirtualEnvironment } from '@auto-refresh/core/testing'

interface Example {
  readonly state: string
  readonly revision: number
}
declare function fetchStates(ids: readonly string[], signal: AbortSignal): Promise<SyncResponse<Example>[]>
export const used = { lru, rateLimit, VirtualClock, VirtualEnvironment, fetchStates }
export const options: Partial<AutoRefreshOptions<Example>> = {
`

/** Writes every block of code of the READMEs and of the pages in `docs` to a file, in a folder for each page. */
export function writeSnippets(): Snippet[] {
  rmSync(folder, { recursive: true, force: true })
  return pages().flatMap((page) => {
    const text = readFileSync(path.join(root, page), 'utf8')
    const place = path.join(folder, page.replaceAll(/\W+/g, '-'))
    const snippets = [...text.matchAll(BLOCK)].map((match) => {
      const [, language = 'ts', marks = '', title = '', code = ''] = match
      const line = text.slice(0, match.index).split('\n').length + 1
      const recipe = /file=(\S+)/.exec(marks)?.[1]
      const shows = recipe === undefined ? undefined : path.join(docs, 'recipes', recipe)
      const isContract = marks.includes(' contract')
      const name = /^[\w./-]+\.(tsx?|jsx?|vue|svelte)$/.test(title)
        ? title
        : `line-${line}.${isContract ? 'd.ts' : language}`
      const file = shows ?? path.join(place, name)
      if (shows === undefined) write(file, isContract ? asContract(code) : asModule(code, language, marks))
      return { page, line, file, isRun: marks.includes(' run'), code, shows }
    })
    for (const jobs of ['jobs.ts', 'src/jobs.ts']) {
      if (existsSync(path.dirname(path.join(place, jobs))) && !existsSync(path.join(place, jobs))) {
        write(path.join(place, jobs), jobs.includes('/') ? JOBS.replace('../..', '../../..') : JOBS)
      }
    }
    return snippets
  })
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function asModule(code: string, language: string, marks: string): string {
  if (language === 'vue' || language === 'svelte') return code
  if (marks.includes(' option')) return `${OPTION}${code}}\n`
  const [, jsx] = / (preact|solid)\b/.exec(marks) ?? []
  const source = jsx === 'solid' ? 'solid-js' : jsx
  return `${source === undefined ? '' : `/** @jsxImportSource ${source} */\n`}${code}\nexport {}\n`
}

/** A block of the contract's listing, as a part of one module of types, to be compared with the package's own. */
function asContract(code: string): string {
  return `declare module 'contract' {\n${code}}\n`
}

/** Every page of the repository that is for reading. */
function pages(): string[] {
  const isPage = (name: string): boolean =>
    name.endsWith('.md') && !/node_modules|reference\/api|\.vitepress/.test(name)
  const inDocs = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter(isPage)
  const readmes = ['.', 'apps/demo', 'tests/consumers', 'e2e', ...packages()].map((place) =>
    path.join(place, 'README.md'),
  )
  return ['CONTRIBUTING.md', ...readmes, ...inDocs.map((name) => path.join('docs', name))]
}

function packages(): string[] {
  return readdirSync(path.join(root, 'packages'))
    .map((name) => path.join('packages', name))
    .filter((place) => readdirSync(path.join(root, place)).includes('README.md'))
}
