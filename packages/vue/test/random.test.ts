import { randomCases } from '@auto-refresh/adapter-suite'
import { version } from 'vue'
import { vuePageDriver } from './page.ts'

randomCases(vuePageDriver(`Vue ${version}`), 40)
