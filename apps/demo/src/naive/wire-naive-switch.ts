import { findElement } from '../find-element.ts'
import type { ItemTimers } from './item-timers.ts'

export interface NaiveSwitch {
  /** Lets the timers run, if they are switched on; or stops them, where nobody sees what they do. */
  show(isShown: boolean): void
}

export function wireNaiveSwitch(root: ParentNode, timers: ItemTimers): NaiveSwitch {
  const naive = findElement(root, '#naive', HTMLInputElement)
  let isShown = false
  const follow = (): void => {
    if (isShown && naive.checked) timers.start()
    else timers.stop()
  }
  naive.addEventListener('change', follow)
  return {
    show(shown) {
      isShown = shown
      follow()
    },
  }
}
