import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright'
import { createServer, type Plugin, type PluginOption } from 'vite'

const here = fileURLToPath(new URL('..', import.meta.url))

/** A page in Vite's dev server, whose sources can be edited. */
export interface DevPage extends AsyncDisposable {
  readonly page: Page
  /** Errors and warnings of the page so far. */
  readonly complaints: readonly string[]
  edit(file: string, change: (source: string) => string): Promise<void>
}

export interface DevPageOptions {
  /** A folder of this workspace with a folder per framework. */
  readonly folder: string
  readonly framework: 'react' | 'preact' | 'vue' | 'svelte' | 'solid'
  readonly plugins: readonly PluginOption[]
  /** Further sources, by their names. */
  readonly sources?: Readonly<Record<string, string>>
  /** The module whose `render` makes the markup of the server. */
  readonly server?: string
}

const DEPENDENCIES = {
  react: ['react', 'react-dom/client', 'react/jsx-dev-runtime'],
  preact: ['preact', 'preact/hooks', 'preact/jsx-dev-runtime', 'preact/jsx-runtime'],
  vue: ['vue'],
  svelte: [],
  solid: ['solid-js', 'solid-js/web'],
} as const

/** Copies the folder, serves the copy of the framework's with Vite, and opens it. */
export async function openDevPage(browser: Browser, options: DevPageOptions): Promise<DevPage> {
  const { folder, framework, plugins, sources = {}, server: entry } = options
  await mkdir(path.join(here, 'copies'), { recursive: true })
  const copy = await mkdtemp(path.join(here, 'copies', `${folder}-`))
  await cp(path.join(here, folder), copy, { recursive: true })
  const root = path.join(copy, framework)
  for (const [file, source] of Object.entries(sources)) await writeFile(path.join(root, file), source)
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    // `edit` says what changed. A watcher of files tells a file that is empty between its opening and its
    // writing, and is silent about what follows within 50 ms: the page then waits for ever.
    server: { host: '127.0.0.1', port: 0, watch: null },
    plugins: [...plugins, ...(entry === undefined ? [] : [renderedBy(entry)])],
    // Named, because Vite reloads a page in which it finds further ones.
    optimizeDeps: {
      include: [...DEPENDENCIES[framework], '@auto-refresh/core', `@auto-refresh/${framework}`],
    },
  })
  await server.listen()
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', ({ message }) => complaints.push(message))
  await page.goto(server.resolvedUrls?.local[0] ?? '')
  return {
    page,
    complaints,
    edit: async (file, change) => {
      const place = path.join(root, file)
      await writeFile(place, change(await readFile(place, 'utf8')))
      server.watcher.emit('change', place)
    },
    [Symbol.asyncDispose]: async () => {
      await page.close()
      await server.close()
      await rm(copy, { recursive: true, force: true })
    },
  }
}

/** Inserts the markup that a module renders on the server into the page. */
function renderedBy(entry: string): Plugin {
  return {
    name: 'server-markup',
    transformIndexHtml: async (html, { server }) => {
      const render: unknown = Reflect.get((await server?.ssrLoadModule(entry)) ?? {}, 'render')
      if (typeof render !== 'function') throw new TypeError(`${entry} has no render`)
      const markup: unknown = await Reflect.apply(render, undefined, [])
      return html.replace('<!--server-->', String(markup))
    },
  }
}
