import { ModelEntry } from './model/entry.ts'
import { type World } from './world.ts'

/** Stands for an incarnation that is over. */
const GONE = new ModelEntry('', { v: 0 }, 0, 0)

/**
 * An id that was written in the middle of a write of its own: more than one order is right, and the cache's is taken.
 * What is true in every order is checked elsewhere all the same.
 */
export function adopt(world: World, id: string): void {
  const { cache, model } = world
  const snapshot = cache.getSnapshot(id)
  for (const call of model.calls) {
    const sent = call.sent.get(id)
    if (sent === undefined) continue
    sent.isVague = true
    // It may have begun with an earlier incarnation.
    if (call.isActive && !sent.isApplied && !snapshot.isRefreshing) sent.entry = GONE
  }
  for (const request of model.requests)
    if (request.entry?.id === id && request.actual !== 'pending') request.expected = 'vague'
  if (snapshot.status === 'missing') {
    model.entries.delete(id)
    return
  }
  const old = model.entries.get(id)
  const isOld = old !== undefined && old.createdAt === snapshot.createdAt
  const entry = isOld ? old : model.assume(id, snapshot.item)
  entry.createdAt = snapshot.createdAt ?? 0
  entry.item = snapshot.item
  for (const call of model.calls) {
    const sent = call.sent.get(id)
    if (sent?.entry === entry) sent.revision = entry.revision
  }
  entry.isRevisionVague = true
  entry.isValidatorVague = true
  entry.status = snapshot.status
  entry.error = snapshot.error === undefined ? { kind: 'none' } : { kind: 'same', error: snapshot.error }
  entry.failureCount = snapshot.failureCount
  entry.unchangedCount = snapshot.unchangedCount
  entry.changedAt = snapshot.changedAt ?? 0
  entry.refreshedAt = snapshot.refreshedAt
  entry.endedMono = snapshot.status === 'active' ? undefined : entry.createdMono
  entry.isAdopted = true
  entry.due = { lo: 0, hi: Infinity }
  entry.mayBeEarly = true
  entry.removal = snapshot.isDeleting ? { lo: 0, hi: Infinity } : undefined
  entry.limit = Infinity
  entry.callFailures = 0
  entry.ownFailures = 0
}
