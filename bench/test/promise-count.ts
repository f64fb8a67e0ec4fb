import { createHook } from 'node:async_hooks'

/** Counts the promises that are created in this process between its two calls. */
export function countPromises(): () => number {
  let count = 0
  const hook = createHook({
    init(_id, type) {
      if (type === 'PROMISE') count += 1
    },
  }).enable()
  return () => {
    hook.disable()
    return count
  }
}
