import { options } from 'preact'

/** Preact's own fields, which are named so in versions 10 and 11, because add-ons use them. */
interface Vnode {
  /** Flags. */
  readonly __u?: number
  readonly __c?: object | null
  /** Undefined in version 10. */
  readonly constructor?: unknown
}

interface Container {
  readonly firstChild: unknown
  /** What Preact has rendered there. */
  readonly __k?: unknown
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
before('__', ({ __u: flags = 0, constructor }, { __k: rendered, firstChild }) => {
  outer.push(isUnderWay)
  // Version 10 does not tell if a root hydrates.
  isUnderWay = Boolean(flags & HYDRATES || (constructor === undefined && !rendered && firstChild))
})
// A component.
before('__r', ({ __c: component }) => {
  if (component && suspended.delete(component)) isUnderWay = true
})
// After any vnode.
before('diffed', ({ __u: flags = 0, __c: component }) => {
  if (component && flags & HYDRATES) suspended.add(component)
})
// After a root, or a component that renders again.
before('__c', () => {
  isUnderWay = outer.pop() ?? false
})

/** Has `act` called before what else listens to an option of Preact. A root may be null. */
function before(name: string, act: (vnode: Vnode, parent: Container) => void): void {
  const next: unknown = Reflect.get(options, name)
  Reflect.set(options, name, (...given: readonly [vnode: Vnode | null, parent: Container]): void => {
    act(given[0] ?? {}, given[1])
    if (typeof next === 'function') Reflect.apply(next, options, given)
  })
}
