import { findElement } from './find-element.ts'

/** Shows all cards, or those of one kind: the style sheet knows which, from the states that the cards carry anyway. */
export function wireWallFilter(root: ParentNode): void {
  const panels = findElement(root, '#panels', HTMLElement)
  findElement(root, '#filter', HTMLFieldSetElement).addEventListener('change', ({ target }) => {
    if (target instanceof HTMLInputElement) panels.dataset['filter'] = target.value
  })
}
