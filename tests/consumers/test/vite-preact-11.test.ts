import { testInBrowser } from '../src/browser-suite.ts'

testInBrowser({ name: 'vite-preact-11', adapter: 'preact', page: 'dist', scripts: 'dist/assets' })
