import { testInBrowser } from '../src/browser-suite.ts'

testInBrowser({ name: 'webpack', page: '.', scripts: 'dist' })
