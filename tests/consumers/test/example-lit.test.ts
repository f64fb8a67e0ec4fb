import { testPageExample } from '../src/example-suite.ts'

testPageExample('lit', { adapter: 'lit', canCancel: true, built: 'dist' })
