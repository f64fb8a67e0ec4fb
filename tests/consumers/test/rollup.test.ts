import { testInBrowser } from '../src/browser-suite.ts'

testInBrowser({ name: 'rollup', adapter: 'preact', page: '.', scripts: 'dist' })
