import { DENO, RUNTIMES } from '../../../examples/test/runtimes.ts'
import { testScript } from '../src/script-suite.ts'

testScript({ name: 'deno', check: [...DENO, 'check', '.'], run: [...RUNTIMES.deno, 'main.ts'] })
