/** A page of the site. */
export interface Page {
  readonly text: string
  readonly link: string
}

/** A group of pages in the sidebar. */
export interface Group {
  readonly text: string
  readonly items: Page[]
}

function group(text: string, folder: string, ...pages: readonly [title: string, name: string][]): Group {
  return { text, items: pages.map(([title, name]) => ({ text: title, link: `${folder}${name}` })) }
}

/** Every page of the site: a new one is a line here. */
export const sidebar: Group[] = [
  group(
    'Start',
    '/start/',
    ['What it is', 'what-it-is'],
    ['Install', 'install'],
    ['React', 'react'],
    ['Vue', 'vue'],
    ['Preact', 'preact'],
    ['Angular', 'angular'],
    ['Svelte', 'svelte'],
    ['Solid', 'solid'],
    ['Lit', 'lit'],
    ['Plain TypeScript', 'typescript'],
  ),
  group('Examples', '/', ['Live in the page', 'live'], ['To copy', 'examples']),
  group(
    'Guides: items',
    '/guides/',
    ['Overview', ''],
    ['Items and ids', 'items-and-ids'],
    ['Ids from a list endpoint', 'list-endpoint'],
    ['Writing a sync function', 'sync'],
    ['Intervals', 'intervals'],
    ['Errors and retries', 'errors'],
    ['Memory and lifetimes', 'memory'],
    ['Performance', 'performance'],
    ['Policies', 'policies'],
  ),
  group(
    'Guides: pages',
    '/guides/',
    ['Lists and tables', 'lists'],
    ['Optimistic updates', 'optimistic-updates'],
    ['Paused, hidden, offline', 'pausing'],
    ['Log in and log out', 'log-out'],
    ['An outage banner', 'outage-banner'],
    ['Hot reload', 'hot-reload'],
    ['Developer tools', 'devtools'],
    ['Keep TanStack Query', 'tanstack-query'],
    ['Testing', 'testing'],
  ),
  group(
    'Guides: places',
    '/guides/',
    ['One poller for all tabs', 'tabs'],
    ['Many servers', 'fleet'],
    ['Server rendering', 'server-rendering'],
    ['Push and poll', 'push'],
    ['Push from one server', 'hub'],
    ['Workers', 'workers'],
    ['React Native and Electron', 'react-native-and-electron'],
  ),
  group(
    'Coming from',
    '/coming-from/',
    ['setInterval', 'set-interval'],
    ['TanStack Query', 'tanstack-query'],
    ['SWR', 'swr'],
    ['RTK Query', 'rtk-query'],
    ['VueUse', 'vueuse'],
    ['Flyte’s cache', 'flyte'],
  ),
  group(
    'Reference',
    '/',
    ['Options', 'reference/options'],
    ['Methods', 'reference/methods'],
    ['Functions and policies', 'reference/functions'],
    ['Hooks and composables', 'reference/hooks'],
    ['Events and statistics', 'reference/events'],
    ['Error codes', 'reference/errors'],
    ['API, from the source', 'reference/api/'],
    ['Troubleshooting', 'troubleshooting'],
  ),
  group(
    'Design',
    '/',
    ['The contract', 'semantics'],
    ['The contract of the adapters', 'adapters'],
    ['The contract with TanStack Query', 'query'],
    ['The contract of shared caches', 'sharing'],
    ['A hundred servers', 'fleet-costs'],
    ['When the source fails', 'failures'],
    ['What it survives', 'reliability'],
    ['How it is built', 'architecture'],
    ['Decisions', 'decisions/'],
  ),
]
