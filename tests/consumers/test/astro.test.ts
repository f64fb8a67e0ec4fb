import { testInBrowser } from '../src/browser-suite.ts'

testInBrowser({
  name: 'astro',
  adapter: 'vue',
  page: 'dist',
  scripts: 'dist/_astro',
  outputs: 3,
  isRunByBuild: true,
})
