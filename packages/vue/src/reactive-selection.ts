import type { ListSelection, Selection } from '@auto-refresh/core/adapter'
import { effect, effectScope, getCurrentScope, onScopeDispose, shallowRef } from 'vue'

/** Reads a list of so many elements with a selection. */
type ReadList<Item, Selected> = (selection: ListSelection<Item, Selected>) => readonly Selected[]

/**
 * Lets the `select` of a list read refs (A6), although it runs only for elements that changed. Each reading is an effect,
 * which holds the refs that were read. When one changes, every element is read again; so it is after two runs per element, to
 * keep the number of effects small.
 */
export function reactiveSelection<Item, Selected>({
  select,
  equals,
}: Selection<Item, Selected>): (count: number, read: ReadList<Item, Selected>) => readonly Selected[] {
  const changes = shallowRef(0)
  let readings = effectScope(true)
  let runs = 0
  const renew = (): ListSelection<Item, Selected> => {
    readings.stop()
    readings = effectScope(true)
    runs = 0
    // A new function, so that the observer runs it for every element.
    return {
      equals,
      select: (snapshot, id) => {
        runs += 1
        return select(snapshot, id)
      },
    }
  }
  let selection = renew()
  const end = (): void => readings.stop()
  if (getCurrentScope() === undefined) end()
  else onScopeDispose(end)
  const scheduler = (): void => {
    selection = renew()
    changes.value += 1
  }
  return (count, read) => {
    void changes.value
    if (!readings.active) return read(selection)
    if (runs > 2 * count) selection = renew()
    runs += 1
    let list: readonly Selected[] = []
    const look = (): void => {
      list = read(selection)
    }
    readings.run(() => effect(look, { scheduler }))
    return list
  }
}
