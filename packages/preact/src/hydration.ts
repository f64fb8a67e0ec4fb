import { options } from 'preact'

/** Preact's own fields, which are named so in versions 10 and 11, because add-ons use them. */
interface Vnode {
  /** Flags. */
  readonly __u: number
  readonly __c: object | null | undefined
  /** Undefined in version 10. */
  readonly constructor: unknown
}

interface Container {
  readonly firstChild: unknown
  /** What Preact has rendered there. */
  readonly __k: unknown
}

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

// A root.
before('__', (vnode, parent) => {
  outer.push(isUnderWay)
  // Version 10 does not tell if a root hydrates.
  const isUnknown = vnode?.constructor === undefined && !parent.__k
  isUnderWay = Boolean(vnode && (vnode.__u & HYDRATES || (isUnknown && parent.firstChild)))
})
// A component.
before('__r', (vnode) => {
  if (vnode?.__c && suspended.delete(vnode.__c)) isUnderWay = true
})
// After any vnode.
before('diffed', (vnode) => {
  if (vnode?.__c && vnode.__u & HYDRATES) suspended.add(vnode.__c)
})
// After a root, or a component that renders again.
before('__c', () => {
  isUnderWay = outer.pop() ?? false
})

/** Has `act` called before what else listens to an option of Preact. */
function before(name: string, act: (vnode: Vnode | null, parent: Container) => void): void {
  const next: unknown = Reflect.get(options, name)
  Reflect.set(options, name, (...given: Parameters<typeof act>): void => {
    act(...given)
    if (typeof next === 'function') Reflect.apply(next, options, given)
  })
}
