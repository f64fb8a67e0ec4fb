import { testPageExample } from '../src/example-suite.ts'

testPageExample('vue', { adapter: 'vue', canCancel: true, built: 'dist' })
