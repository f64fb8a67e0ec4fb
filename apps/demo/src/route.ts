import { findElement } from './find-element.ts'

export type Route = 'jobs' | 'rows'

const TITLES: Readonly<Record<Route, string>> = {
  jobs: 'Render farm · auto-refresh',
  rows: '10,000 rows · auto-refresh',
}

export function readRoute(hash: string): Route {
  return hash === '#/rows' ? 'rows' : 'jobs'
}

/** Shows the part of the page that the address names, and tells so: now, and whenever it changes. */
export function followRoute(root: ParentNode, onRoute: (route: Route) => void): void {
  const follow = (): Route => {
    const route = readRoute(location.hash)
    document.title = TITLES[route]
    for (const part of root.querySelectorAll<HTMLElement>('[data-route]')) {
      part.hidden = part.dataset['route'] !== route
    }
    for (const link of root.querySelectorAll<HTMLAnchorElement>('.routes a')) {
      if (readRoute(link.hash) === route) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
    }
    onRoute(route)
    return route
  }
  follow()
  window.addEventListener('hashchange', () => {
    const route = follow()
    // As after a page load: who listens hears where they are.
    findElement(root, `[data-route="${route}"] h1`, HTMLElement).focus()
    window.scrollTo(0, 0)
  })
}
