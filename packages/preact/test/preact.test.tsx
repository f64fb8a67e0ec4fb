import { adapterSuite } from '@auto-refresh/adapter-suite'
import { inject } from 'vitest'
import { preactDriver } from './driver.tsx'

adapterSuite(preactDriver(inject('framework')))
