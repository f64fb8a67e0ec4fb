import type { AutoRefresh, ItemId } from '../auto-refresh.ts'

/**
 * Shows the expected result of `action` while it runs, and keeps polling from showing the old state meanwhile.
 *
 * Writes `optimistic`, holds the item, and runs `action`. If `action` fails and nobody wrote another value meanwhile, the
 * previous value is put back. In both cases the hold is then released and a refresh is asked for, whose outcome is ignored.
 * An absent or pending item is not written to.
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
  const undo = write(cache, id, optimistic)
  const release = cache.hold(id)
  try {
    return await action()
  } catch (error) {
    undo()
    throw error
  } finally {
    release()
    cache.refresh(id).catch(() => undefined)
  }
}

/** Writes the expected value if there is one to replace. Returns what puts the previous value back. */
function write<Item>(
  cache: AutoRefresh<Item>,
  id: ItemId,
  optimistic: Item | ((present: Item) => Item),
): () => void {
  const { status, item: previous } = cache.getSnapshot(id)
  if (status === 'missing' || status === 'pending') return () => undefined
  const expected = isFunction(optimistic) ? optimistic(previous) : optimistic
  if (!cache.update(id, expected)) return () => undefined
  return () => {
    if (Object.is(cache.getSnapshot(id).item, expected)) cache.update(id, previous)
  }
}

function isFunction<Item>(
  optimistic: Item | ((present: Item) => Item),
): optimistic is (present: Item) => Item {
  return typeof optimistic === 'function'
}
