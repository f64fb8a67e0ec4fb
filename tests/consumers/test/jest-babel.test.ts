import { testComponents } from '../src/component-suite.ts'

testComponents({ name: 'jest-babel', json: '--json', tests: 3 })
