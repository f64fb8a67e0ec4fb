import { hubIn } from './scenarios.ts'

hubIn('node', true)
hubIn('deno', true)
hubIn('bun', true)
