import { testComponents } from '../src/component-suite.ts'

testComponents({ name: 'vitest-4', json: '--reporter=json', tests: 1 })
