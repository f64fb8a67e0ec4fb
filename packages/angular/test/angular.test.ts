import { VERSION } from '@angular/core'
import { adapterSuite } from '@auto-refresh/adapter-suite'
import { angularDriver, zoneless } from './driver.ts'

adapterSuite(angularDriver(`Angular ${VERSION.full}`, zoneless))
