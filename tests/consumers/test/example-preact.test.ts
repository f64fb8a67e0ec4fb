import { testPageExample } from '../src/example-suite.ts'

testPageExample('preact', { adapter: 'preact', canCancel: true, built: 'dist' })
