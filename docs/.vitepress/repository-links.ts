import { existsSync } from 'node:fs'
import path from 'node:path'
import type { MarkdownRenderer } from 'vitepress'
import manifest from '../../package.json' with { type: 'json' }

/** The repository's address, as `scripts/set-repository.mjs` writes it. */
export const REPOSITORY = manifest.homepage.replace('#readme', '')

/**
 * Makes links that leave `docs` lead to the repository, because pages are read on GitHub as well, where they are relative.
 *
 * @throws {Error} if there is no such file, which ends the build like any dead link
 */
export function linkRepository(markdown: MarkdownRenderer, root: string): void {
  const docs = path.join(root, 'docs')
  markdown.core.ruler.push('repository-links', ({ tokens, env }) => {
    const page = String(Reflect.get(new Object(env), 'path'))
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.attrGet('href')
      if (token.type !== 'link_open' || href === null || /^(\w+:|#|\/)/.test(href)) continue
      const [file = '', anchor] = decodeURI(href).split('#')
      const target = path.resolve(path.dirname(page), file)
      if (isIn(target, docs) && /\.md$|\/$/.test(file)) continue
      if (!existsSync(target)) throw new Error(`${path.relative(root, page)}: there is no ${href}`)
      const place = path.relative(root, target)
      token.attrSet('href', `${REPOSITORY}/blob/main/${place}${anchor === undefined ? '' : `#${anchor}`}`)
    }
  })
}

function isIn(target: string, folder: string): boolean {
  return target === folder || target.startsWith(folder + path.sep)
}
