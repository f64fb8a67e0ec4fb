import { testPageExample } from '../src/example-suite.ts'

testPageExample('solid', { adapter: 'solid', canCancel: true, built: 'dist' })
