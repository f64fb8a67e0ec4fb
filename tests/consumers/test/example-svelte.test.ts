import { testPageExample } from '../src/example-suite.ts'

testPageExample('svelte', { adapter: 'svelte', canCancel: true, built: 'dist' })
