import { randomCases } from '@auto-refresh/adapter-suite'
import { solidPageDriver } from './page.tsx'

randomCases(solidPageDriver('Solid 1.9'), 40)
