import { hubIn } from './scenarios.ts'

hubIn('node', false)
