import { testComponents } from '../src/component-suite.ts'

testComponents({ name: 'jest-swc', json: '--json', tests: 3 })
