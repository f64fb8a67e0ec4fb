/** A page with TanStack Devtools and the plugin in it. */
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { devtoolsPlugin } from '@auto-refresh/devtools'
import { TanStackDevtoolsCore } from '@tanstack/devtools'

declare global {
  interface Window {
    /** Mounts TanStack Devtools in its own element. */
    openTanStack: (theme: 'light' | 'dark') => () => void
  }
}

window.openTanStack = (theme) => {
  const builds = new InMemoryAutoRefresh<string>({
    interval: 1000,
    sync: (batch) => batch.map(({ id }) => ({ id, item: 'green' })),
  }).start()
  builds.getOrCreate('build-1')
  const place = document.createElement('div')
  document.body.append(place)
  const devtools = new TanStackDevtoolsCore({
    config: { defaultOpen: true, theme },
    plugins: [{ ...devtoolsPlugin({ builds }), defaultOpen: true }],
  })
  devtools.mount(place)
  return () => devtools.unmount()
}
