import type { ItemSnapshot } from '@auto-refresh/core'
import { ItemsObserver, type ItemsTarget, type NoSelection, type Selection } from '@auto-refresh/core/adapter'
import { computed } from 'vue'

/** Maximum readings that are kept. */
const READINGS = 500

/**
 * A list whose `select` may read refs (A6), although it runs only for elements that changed. Each reading is a computed, which
 * holds the refs that were read. When one changes, every element is read again; so it is after a reading per element, to keep
 * the number of readings small.
 */
export class ReactiveList<Item, Selected> extends ItemsObserver<Item, Selected> {
  #readings: (() => boolean)[] = [() => true]
  #select: Selection<Item, Selected>['select'] | undefined = undefined

  override read(
    target: ItemsTarget<Item> & (Selection<Item, Selected> | NoSelection),
  ): readonly (ItemSnapshot<Item> | Selected)[] {
    const { ids, select: given } = target
    if (given === undefined) return super.read(target)
    const isFull = this.#readings.length > Math.min(ids.length, READINGS)
    if (isFull || this.#readings.some((isStale) => isStale())) {
      this.#readings = []
      // A new function, so that it runs for every element.
      this.#select = (...element) => given(...element)
    }
    const select = this.#select ?? given
    let list: readonly (ItemSnapshot<Item> | Selected)[] | undefined
    // Runs a second time only if a ref has changed, and then returns another object.
    const reading = computed(() => ({ list: (list ??= super.read({ ...target, select })) }))
    const { value } = reading
    this.#readings.push(() => reading.value !== value)
    return value.list
  }
}
