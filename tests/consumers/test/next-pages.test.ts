import { testInBrowser } from '../src/browser-suite.ts'

testInBrowser({
  name: 'next-pages',
  adapter: 'react',
  source: '.',
  scripts: '.next/static/chunks',
  isRunByBuild: true,
})
