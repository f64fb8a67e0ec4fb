import { testInBrowser } from '../src/browser-suite.ts'

testInBrowser({ name: 'vite-vue-ssr', adapter: 'vue', scripts: 'dist/client/assets' })
