/** Scrolls each panel's list, and not the page, to the card of the job. */
export function showCulprit(root: ParentNode, id: string): void {
  for (const card of root.querySelectorAll<HTMLElement>(`[data-job-id="${CSS.escape(id)}"]`)) {
    const list = card.closest<HTMLElement>('.cards')
    if (list === null) continue
    list.scrollTop += card.getBoundingClientRect().top - list.getBoundingClientRect().top - card.offsetHeight
  }
}
