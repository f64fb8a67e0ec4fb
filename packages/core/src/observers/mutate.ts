import type { AutoRefresh, ItemId } from '../auto-refresh.ts'

/**
 * Shows the expected result of `action` while it runs, and keeps polling from showing the old state meanwhile.
 *
 * Holds the item, writes `optimistic`, runs `action`, and releases the item. If `action` failed and nobody wrote another value
 * meanwhile, the previous value is put back. In both cases a refresh is asked for, whose outcome is ignored.
 * The expected value does not end the polling, even if it is terminal: an answer does. An absent or pending item is not
 * written to.
 *
 * ```ts
 * await mutate(jobs, id, (job) => ({ ...job, state: 'cancelling' }), () => fetch(`/api/jobs/${id}`, { method: 'DELETE' }))
 * ```
 *
 * @param optimistic the expected value, or a function that makes it from the present one; an item that is a function itself
 *   has to be returned by a function
 * @returns what `action` resolves with; rejects as it does, or with the error of `optimistic`, before anything is written
 */
export async function mutate<Item, Result>(
  cache: AutoRefresh<Item>,
  id: ItemId,
  optimistic: NoInfer<Item | ((present: Item) => Item)>,
  action: () => Result | PromiseLike<Result>,
): Promise<Result> {
  const { release, undo } = writeHeld(cache, id, optimistic)
  try {
    return await action()
  } catch (error) {
    // First, because the value of before may have ended the item: written during a hold, it would not (W13).
    release()
    undo()
    throw error
  } finally {
    release()
    cache.refresh(id).catch(() => undefined)
  }
}

/** Holds the item, and writes the expected value if there is one to replace. */
function writeHeld<Item>(
  cache: AutoRefresh<Item>,
  id: ItemId,
  optimistic: Item | ((present: Item) => Item),
): { readonly release: () => void; readonly undo: () => void } {
  const { status, item: previous } = cache.getSnapshot(id)
  if (status === 'missing' || status === 'pending') return { release: cache.hold(id), undo: () => undefined }
  const expected = isFunction(optimistic) ? optimistic(previous) : optimistic
  // A value that is written during a hold does not end the item (W13).
  const release = cache.hold(id)
  try {
    cache.update(id, expected)
  } catch (error) {
    release()
    throw error
  }
  const undo = (): void => {
    if (Object.is(cache.getSnapshot(id).item, expected)) cache.update(id, previous)
  }
  return { release, undo }
}

function isFunction<Item>(
  optimistic: Item | ((present: Item) => Item),
): optimistic is (present: Item) => Item {
  return typeof optimistic === 'function'
}
