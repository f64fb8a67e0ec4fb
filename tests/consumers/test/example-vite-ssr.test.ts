import { testPageExample } from '../src/example-suite.ts'

testPageExample('vite-ssr', { adapter: 'vue', isRendered: true })
