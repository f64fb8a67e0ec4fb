import { randomCases } from '@auto-refresh/adapter-suite'
import { VERSION } from 'svelte/compiler'
import { sveltePageDriver } from './page.svelte.ts'

randomCases(sveltePageDriver(`Svelte ${VERSION}`), 40)
