import { randomCases } from '@auto-refresh/adapter-suite'
import { litPageDriver } from './page.ts'

randomCases(litPageDriver, 40)
