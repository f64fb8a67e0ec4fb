import { testPageExample } from '../src/example-suite.ts'

testPageExample('react', { adapter: 'react', canCancel: true, built: 'dist' })
