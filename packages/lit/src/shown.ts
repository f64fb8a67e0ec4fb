import type { Observer } from '@auto-refresh/core/adapter'
import type { ReactiveController, ReactiveControllerHost as Host } from 'lit'

/** A reactive controller. */
export interface Shown<Value> extends ReactiveController {
  /** The last rendering's reading, or the one of the first rendering to come. */
  readonly value: Value
}

/** Returns what an observer reads of its target, which is made before each rendering and subscribed to after it. */
type Show = <Target, Value>(
  host: Host,
  observer: Observer<Target, Value>,
  targetOf: () => Target,
) => Shown<Value>

export const show: Show = (host, observer, targetOf) => {
  const look = () => {
    const target = targetOf()
    return { target, value: observer.read(target) }
  }
  let rendered: ReturnType<typeof look> | undefined
  let end: (() => void) | undefined
  const check = (): void => {
    try {
      if (rendered && Object.is(rendered.value, observer.read(rendered.target))) return
    } catch {
      // The rendering gets the error.
    }
    host.requestUpdate()
  }
  const controller: Shown<ReturnType<typeof look>['value']> = {
    get value() {
      return (rendered ?? look()).value
    },
    hostConnected() {
      // An element that was put aside may have got another id.
      if (rendered) observer.attach(targetOf())
      end = observer.listen(check)
    },
    hostDisconnected: () => end?.(),
    hostUpdate() {
      rendered = look()
    },
    hostUpdated() {
      if (rendered) observer.attach(rendered.target)
    },
  }
  host.addController(controller)
  return controller
}
