import { adapterSuite } from '@auto-refresh/adapter-suite'
import { VERSION } from 'svelte/compiler'
import { svelteDriver } from './driver.svelte.ts'
import DerivedItem from './views/DerivedItem.svelte'
import Item from './views/Item.svelte'

adapterSuite(svelteDriver(`Svelte ${VERSION}`, Item))
adapterSuite(svelteDriver(`Svelte ${VERSION}, by a $derived`, DerivedItem))
