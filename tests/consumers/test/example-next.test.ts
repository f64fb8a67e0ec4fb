import { testPageExample } from '../src/example-suite.ts'

testPageExample('next', { adapter: 'react', source: 'app', isRendered: true })
