import { RUNTIMES } from '../../../examples/test/runtimes.ts'
import { testScript } from '../src/script-suite.ts'

testScript({ name: 'bun', check: ['npm', 'run', '--silent', 'types'], run: [...RUNTIMES.bun, 'main.ts'] })
