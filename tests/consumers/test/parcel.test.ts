import { testInBrowser } from '../src/browser-suite.ts'

testInBrowser({ name: 'parcel', adapter: 'react', page: 'dist', scripts: 'dist' })
