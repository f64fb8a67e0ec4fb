import { findElement } from './find-element.ts'

/** `?quiet` in the address: the page submits no jobs of its own, and starts without the timers. */
export function beQuiet(root: ParentNode, search: string): void {
  if (!new URLSearchParams(search).has('quiet')) return
  for (const selector of ['#busy', '#naive']) findElement(root, selector, HTMLInputElement).checked = false
}
