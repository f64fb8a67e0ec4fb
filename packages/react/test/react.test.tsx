import { version } from 'react'
import { adapterSuite } from '@auto-refresh/adapter-suite'
import { afterEach, beforeEach, vi } from 'vitest'
import { reactDriver } from './driver.tsx'

// As in a browser, an error of a listener goes to the window, not to the code that dispatched the event. React 18 relies on it.
const simulated = Reflect.get(window, 'happyDOM') as { readonly settings: object } | undefined
if (simulated !== undefined) Reflect.set(simulated.settings, 'disableErrorCapturing', false)

// happy-dom reports the errors of listeners by Node's own console, which vitest has replaced by the global one.
const node = Reflect.get(globalThis, 'process') as
  | { readonly getBuiltinModule?: (name: string) => Console }
  | undefined
const nodeConsole = node?.getBuiltinModule?.('node:console')

// React tells the console of every error that a boundary caught, and React 18 the window, too.
const ignore = (event: Event): void => event.preventDefault()
beforeEach(() => {
  for (const one of [console, nodeConsole]) {
    if (one !== undefined) vi.spyOn(one, 'error').mockImplementation(() => undefined)
  }
  window.addEventListener('error', ignore)
})
afterEach(() => {
  vi.restoreAllMocks()
  window.removeEventListener('error', ignore)
})

adapterSuite(reactDriver(`React ${version}`, false))
adapterSuite(reactDriver(`React ${version}, StrictMode`, true))
