import { adapterSuite } from '@auto-refresh/adapter-suite'
import { litDriver } from './driver.ts'

adapterSuite(litDriver)
