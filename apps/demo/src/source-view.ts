import { findElement } from './find-element.ts'
// oxlint-disable-next-line import/default -- Vite exports a file's text
import source from './job-cache.ts?raw'

/** Comments, strings, keywords and numbers of TypeScript, as far as one file needs them. */
const TOKENS =
  /(?<comment>\/\*.*?\*\/|\/\/[^\n]*)|(?<string>'[^'\n]*')|(?<keyword>\b(?:import|from|export|const|function|return|new|type)\b)|(?<number>\b\d[\d_]*\b)/gs

/** Shows the module that makes the page's cache: the text of the file that runs. */
export function showSource(root: ParentNode): void {
  const code = findElement(root, '#source', HTMLElement)
  let shown = 0
  for (const match of source.matchAll(TOKENS)) {
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0] ?? ''
    const token = document.createElement('span')
    token.className = `token-${kind}`
    token.textContent = match[0]
    code.append(source.slice(shown, match.index), token)
    shown = match.index + match[0].length
  }
  code.append(source.slice(shown).trimEnd())
  const lines = source.trimEnd().split('\n').length
  findElement(root, '#source-lines', HTMLElement).textContent = `${lines} lines`
}
