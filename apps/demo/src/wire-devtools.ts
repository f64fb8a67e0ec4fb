import type { AutoRefresh } from '@auto-refresh/core'
import { findElement } from './find-element.ts'
import type { Notices } from './notices.ts'

/** Opens the developer tools over the caches, by name, at a click. They are fetched at the first one. */
export function wireDevtools(
  root: Document,
  caches: Readonly<Record<string, AutoRefresh<unknown>>>,
  notices: Notices,
): void {
  const button = findElement(root, '#devtools', HTMLButtonElement)
  const dock = findElement(root, '#devtools-dock', HTMLElement)

  function show(isOpen: boolean): void {
    dock.hidden = !isOpen
    button.setAttribute('aria-expanded', String(isOpen))
  }

  async function open(): Promise<void> {
    if (dock.childElementCount === 0) {
      const { createDevtools } = await import('@auto-refresh/devtools')
      // A second click may have been quicker.
      if (dock.childElementCount > 0) return
      const panel = createDevtools({ ...caches })
      panel.closable = true
      panel.addEventListener('close', () => {
        show(false)
        button.focus()
      })
      dock.append(panel)
    }
    show(true)
  }

  button.addEventListener('click', () => {
    if (!dock.hidden) show(false)
    else open().catch((error: unknown) => notices.trouble('Could not open the developer tools', error))
  })
}
