import { testPageExample } from '../src/example-suite.ts'

testPageExample('angular', { adapter: 'angular', canCancel: true, built: 'dist', args: ['--port=0'] })
