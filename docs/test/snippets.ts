import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const docs = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const root = path.join(docs, '..')
const folder = path.join(docs, 'extracted')

/** A block of TypeScript in a page. */
export interface Snippet {
  readonly page: string
  readonly line: number
  /** Where it was written to, to be compiled and run. */
  readonly file: string
  /** Marked `ts run`: it is executed, and must not throw. */
  readonly isRun: boolean
  readonly code: string
  /** Marked `ts file=…`: it shows this file of `docs/recipes`, which is used elsewhere as well. */
  readonly shows: string | undefined
}

/** Writes every `ts` block of the READMEs and of the pages in `docs` to a file of its own. */
export function writeSnippets(): Snippet[] {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  return pages().flatMap((page) => {
    const text = readFileSync(path.join(root, page), 'utf8')
    return [...text.matchAll(/^```(tsx?)( run| contract| preact| file=\S+)?\n(.*?)^```$/gms)].map((match) => {
      const [, extension = 'ts', mark = '', code = ''] = match
      const line = text.slice(0, match.index).split('\n').length + 1
      const name = `${page.replaceAll(/\W+/g, '-')}-${line}`
      const isContract = mark === ' contract'
      const [, recipe] = mark.split('file=')
      const shows = recipe === undefined ? undefined : path.join(docs, 'recipes', recipe)
      const file = shows ?? path.join(folder, `${name}.${isContract ? 'd.ts' : extension}`)
      const pragma = mark === ' preact' ? '/** @jsxImportSource preact */\n' : ''
      const written = isContract ? asContract(code) : `${pragma}${code}\nexport {}\n`
      if (shows === undefined) writeFileSync(file, written)
      return { page, line, file, isRun: mark === ' run', code, shows }
    })
  })
}

/** A block of the contract's listing, as a part of one module of types, to be compared with the package's own. */
function asContract(code: string): string {
  return `declare module 'contract' {\n${code}}\n`
}

/** Every page of the repository that is for reading. */
function pages(): string[] {
  const isPage = (name: string): boolean => name.endsWith('.md') && !name.includes('node_modules')
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
