import { testInBrowser } from '../src/browser-suite.ts'

testInBrowser({ name: 'vite-vue', adapter: 'vue', page: 'dist', scripts: 'dist/assets' })
