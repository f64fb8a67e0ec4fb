/** The element of the page's own HTML; throws where the two do not fit together. */
export function findElement<Kind extends Element>(
  root: ParentNode,
  selector: string,
  kind: new () => Kind,
): Kind {
  const element = root.querySelector(selector)
  if (element instanceof kind) return element
  throw new Error(`The page has no ${kind.name} at ${selector}`)
}
