import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { sidebar } from '../../.vitepress/sidebar.ts'
import { dist } from './build.ts'

describe('the built site', () => {
  it('has every page of the sidebar, and every page is in the sidebar', () => {
    const pages = htmlFiles().filter(
      (page) => !/^(index|404)\.html$|^reference\/api\/@|^decisions\/0/.test(page),
    )
    const links = sidebar.flatMap(({ items }) => items.map(({ link }) => fileOf(link)))
    expect(pages.toSorted()).toEqual(links.toSorted())
  })

  it('has the target of each link within it, anchors included', () => {
    const anchors = new Map(htmlFiles().map((page) => [page, anchorsOf(page)]))
    const dead = htmlFiles().flatMap((page) =>
      hrefsOf(page)
        .filter((href) => href.startsWith('/') || href.startsWith('#'))
        .filter((href) => {
          const [place = '', anchor = ''] = href.split('#')
          const target = place === '' ? page : fileOf(place)
          if (!target.endsWith('.html')) return !existsSync(path.join(dist, target))
          return anchors.get(target)?.has(decodeURIComponent(anchor)) !== true
        })
        .map((href) => `${page}: ${href}`),
    )
    expect(dead).toEqual([])
  })

  it('has the icon that every page names', () => {
    const without = htmlFiles().filter((page) => {
      const icon = /<link rel="icon" href="\/([^"]+)"/.exec(readFileSync(path.join(dist, page), 'utf8'))?.[1]
      return icon === undefined || !existsSync(path.join(dist, icon))
    })
    expect(without).toEqual([])
  })

  it('has a list of its pages for language models, and their Markdown', () => {
    const list = readFileSync(path.join(dist, 'llms.txt'), 'utf8')
    expect(list).toContain('> auto-refresh keeps the items')
    const files = [...list.matchAll(/\]\(\/(\S+\.md)\)/g)].map(([, file = '']) => file)
    expect(files.length).toBeGreaterThan(40)
    expect(files.filter((file) => !existsSync(path.join(dist, file)))).toEqual([])
  })
})

function htmlFiles(): string[] {
  return readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'))
}

/** Returns the file of an address without `.html`. */
function fileOf(link: string): string {
  const place = link.replace(/^\//, '')
  if (place === '' || place.endsWith('/')) return `${place}index.html`
  return path.extname(place) === '' || place.includes('@') ? `${place.replace(/\.html$/, '')}.html` : place
}

/** Returns the ids of a page, and '' for the page itself. */
function anchorsOf(page: string): Set<string> {
  const html = readFileSync(path.join(dist, page), 'utf8')
  return new Set(['', ...[...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => id)])
}

function hrefsOf(page: string): string[] {
  const html = readFileSync(path.join(dist, page), 'utf8')
  return [...html.matchAll(/<a\s[^>]*href="([^"]+)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'))
}
