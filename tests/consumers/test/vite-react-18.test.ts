import { testInBrowser } from '../src/browser-suite.ts'

testInBrowser({ name: 'vite-react-18', adapter: 'react', page: 'dist', scripts: 'dist/assets' })
