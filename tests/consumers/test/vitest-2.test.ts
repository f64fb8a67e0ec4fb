import { testComponents } from '../src/component-suite.ts'

testComponents({ name: 'vitest-2', json: '--reporter=json', tests: 1 })
