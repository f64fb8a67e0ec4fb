import { VERSION } from '@angular/core'
import { randomCases } from '@auto-refresh/adapter-suite'
import { zoneless } from './driver.ts'
import { angularPageDriver } from './page.ts'

randomCases(angularPageDriver(`Angular ${VERSION.full}`, zoneless), 40)
