import { version } from 'react'
import { adapterSuite } from '@auto-refresh/adapter-suite'
import { afterEach, beforeEach, vi } from 'vitest'
import { reactDriver } from './driver.tsx'

// As in a browser, what a listener throws goes to the window and not to who dispatched the event: React 18 counts on it.
const simulated = Reflect.get(window, 'happyDOM') as { readonly settings: object } | undefined
if (simulated !== undefined) Reflect.set(simulated.settings, 'disableErrorCapturing', false)

// React tells the console of every error that a boundary caught, and React 18 the window, too.
const ignore = (event: Event): void => event.preventDefault()
beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  window.addEventListener('error', ignore)
})
afterEach(() => {
  vi.restoreAllMocks()
  window.removeEventListener('error', ignore)
})

adapterSuite(reactDriver(`React ${version}`, false))
adapterSuite(reactDriver(`React ${version}, StrictMode`, true))
