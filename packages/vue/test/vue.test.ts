import { adapterSuite } from '@auto-refresh/adapter-suite'
import { version } from 'vue'
import { vueDriver } from './driver.ts'

adapterSuite(vueDriver(`Vue ${version}`, false))
adapterSuite(vueDriver(`Vue ${version}, the whole snapshot`, true))
