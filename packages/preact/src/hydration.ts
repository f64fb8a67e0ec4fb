import { options } from 'preact'

/**
 * Names of Preact's own options, which are the same in versions 10 and 11 because add-ons use them: called before a root is
 * rendered, before a component is rendered, after a vnode was rendered, and when the work of a root or a component is done.
 */
const [ROOT, RENDER, RENDERED, COMMIT] = ['__', '__r', 'diffed', '__c']

/** Flag of a vnode that hydrates: what Preact 11 is given to hydrate, and in both versions what is suspended meanwhile. */
const HYDRATES = 32

let isUnderWay = false
/** Of the roots within whose rendering another one is rendered. */
const outer: boolean[] = []
/** Components that are suspended, and hydrate later. */
const suspended = new WeakSet<object>()

/** True while Preact renders over the markup of a server. Preact 10: or first renders into an element that is not empty. */
export function isHydrating(): boolean {
  return isUnderWay
}

before(ROOT, (vnode, parent) => {
  outer.push(isUnderWay)
  isUnderWay = isFlagged(vnode) || (isOfVersion10(vnode) && isFirstOver(parent))
})
before(RENDERED, (vnode) => {
  const component = isFlagged(vnode) ? componentOf(vnode) : undefined
  if (component !== undefined) suspended.add(component)
})
before(RENDER, (vnode) => {
  const component = componentOf(vnode)
  if (component !== undefined && suspended.delete(component)) isUnderWay = true
})
before(COMMIT, () => {
  isUnderWay = outer.pop() ?? false
})

function before(name: string, act: (first: unknown, second: unknown) => void): void {
  const next: unknown = Reflect.get(options, name)
  Reflect.set(options, name, (...given: readonly unknown[]): void => {
    act(given[0], given[1])
    if (typeof next === 'function') Reflect.apply(next, options, given)
  })
}

function isFlagged(vnode: unknown): boolean {
  return (Number(fieldOf(vnode, '__u')) & HYDRATES) !== 0
}

/** Preact 10 marks its vnodes by a constructor that is undefined. It does not tell if a root hydrates. */
function isOfVersion10(vnode: unknown): boolean {
  return fieldOf(vnode, '__u') !== undefined && fieldOf(vnode, 'constructor') === undefined
}

/** True if the element has content that is not Preact's. */
function isFirstOver(parent: unknown): boolean {
  return Boolean(fieldOf(parent, 'firstChild')) && !fieldOf(parent, '__k')
}

function componentOf(vnode: unknown): object | undefined {
  const component = fieldOf(vnode, '__c')
  return typeof component === 'object' && component !== null ? component : undefined
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
