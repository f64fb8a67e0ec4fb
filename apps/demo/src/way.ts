/** How the page gets its values: each tab asks the farm, one tab asks for all tabs, or the server asks for all browsers. */
export type Way = 'alone' | 'tabs' | 'hub'

/** The way that the address names: `?by=tabs`. Without one, the server asks. */
export function readWay(search: string): Way {
  const named = new URLSearchParams(search).get('by')
  return named === 'alone' || named === 'tabs' ? named : 'hub'
}

/** The address of the same page, by another way. */
export function searchFor(way: Way, search: string): string {
  const query = new URLSearchParams(search)
  query.set('by', way)
  // `quiet` has no value, and looks better without its sign.
  return `?${query.toString().replace(/=(?=&|$)/g, '')}`
}
