import { randomCases } from '@auto-refresh/adapter-suite'
import { inject } from 'vitest'
import { preactPageDriver } from './page.tsx'

randomCases(preactPageDriver(inject('framework')), 50)
