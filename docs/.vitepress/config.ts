import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { llmsText } from './llms.ts'
import { linkRepository, REPOSITORY } from './repository-links.ts'
import { sidebar } from './sidebar.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The library's packages are compiled from their source, so that the site needs no build of them. */
const SOURCE = '@auto-refresh/source'

export default defineConfig({
  title: 'auto-refresh',
  head: [['link', { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' }]],
  description: 'Keeps the items that your program watches up to date, by polling them in batches.',
  cleanUrls: true,
  lastUpdated: false,
  srcExclude: ['extracted/**', 'recipes/**', 'test/**'],
  markdown: {
    config: (markdown) => linkRepository(markdown, root),
    // Their colours have enough contrast.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    nav: [
      { text: 'Start', link: '/start/what-it-is', activeMatch: '^/start/' },
      { text: 'Guides', link: '/guides/', activeMatch: '^/guides/' },
      { text: 'Live', link: '/live' },
      { text: 'Reference', link: '/reference/options', activeMatch: '^/reference/' },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
  },
  async buildEnd({ outDir, srcDir, pages }) {
    await llmsText(srcDir, outDir, pages)
  },
  vite: {
    resolve: { conditions: [SOURCE, 'module', 'browser', 'development|production'] },
    ssr: {
      noExternal: [/^@auto-refresh\//],
      resolve: { conditions: [SOURCE, 'module', 'node', 'development|production'] },
    },
    build: { chunkSizeWarningLimit: 2000 },
  },
})
