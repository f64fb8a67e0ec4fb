/** Text that is set again is read out again: only what is new is set. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
