import { DENO, RUNTIMES } from '../../../examples/test/runtimes.ts'
import { testProgramExample } from '../src/example-suite.ts'

testProgramExample('node', ['node', 'main.mjs'])
testProgramExample('deno', [...RUNTIMES.deno, 'main.ts'], [...DENO, 'check', '.'])
testProgramExample('bun', [...RUNTIMES.bun, 'main.ts'], ['npm', 'run', '--silent', 'types'])
