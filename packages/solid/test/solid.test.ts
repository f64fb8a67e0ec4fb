import { adapterSuite } from '@auto-refresh/adapter-suite'
import { solidDriver } from './driver.tsx'
import { loadOnServer } from './load-on-server.ts'

adapterSuite(solidDriver('Solid 1.9', await loadOnServer()))
