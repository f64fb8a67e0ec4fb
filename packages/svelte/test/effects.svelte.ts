import { flushSync } from 'svelte'

/** Runs `read` in an effect. Returns what it has read, and ends it when asked to. */
export function follow<Value>(read: () => Value): {
  readonly seen: readonly Value[]
  readonly end: () => void
} {
  const seen: Value[] = []
  const end = $effect.root(() => {
    $effect.pre(() => void seen.push(read()))
  })
  flushSync()
  return { seen, end }
}

/** A state outside of components. */
export function stateOf<Value>(first: Value): { value: Value } {
  let value = $state.raw(first)
  return {
    get value() {
      return value
    },
    set value(next) {
      value = next
    },
  }
}

/** An array that is changed in place. */
export function arrayOf(...ids: readonly string[]): string[] {
  const array = $state([...ids])
  return array
}

/** A derived value outside of components. */
export function derivedOf<Value>(read: () => Value): { readonly value: Value } {
  const value = $derived.by(read)
  return {
    get value() {
      return value
    },
  }
}
