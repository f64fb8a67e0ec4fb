import { testInBrowser } from '../src/browser-suite.ts'

testInBrowser({ name: 'vite-preact-10', adapter: 'preact', page: 'dist', scripts: 'dist/assets' })
