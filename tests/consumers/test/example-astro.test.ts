import { testPageExample } from '../src/example-suite.ts'

testPageExample('astro', { adapter: 'react', isRendered: true })
