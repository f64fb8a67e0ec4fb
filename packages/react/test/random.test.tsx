import { reactPageDriver } from './page.tsx'
import { randomCases } from '@auto-refresh/adapter-suite'
import { version } from 'react'

randomCases(reactPageDriver(`React ${version}`, false), 40)
randomCases(reactPageDriver(`React ${version}, StrictMode`, true), 20)
