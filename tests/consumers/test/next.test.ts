import { testInBrowser } from '../src/browser-suite.ts'

testInBrowser({ name: 'next', adapter: 'react', source: 'app', scripts: '.next/static/chunks' })
