import { ModelEntry } from './model/entry.ts'
import { type World } from './world.ts'

/**
 * An id that was written in the middle of a write of its own: more than one order is right, and the cache's is taken.
 * What is true in every order is checked elsewhere all the same.
 */
export function adopt(world: World, id: string): void {
  const { cache, model, clock } = world
  const snapshot = cache.getSnapshot(id)
  for (const call of model.calls) {
    const sent = call.sent.get(id)
    if (sent !== undefined) sent.isVague = true
  }
  for (const request of model.requests)
    if (request.entry?.id === id && request.actual !== 'pending') request.expected = 'vague'
  if (snapshot.status === 'missing') {
    model.entries.delete(id)
    return
  }
  const old = model.entries.get(id)
  const isOld = old !== undefined && old.createdAt === snapshot.createdAt
  const entry = isOld ? old : new ModelEntry(id, snapshot.item, clock.now(), snapshot.createdAt ?? 0)
  if (!isOld && !model.audience.isObserved(id)) entry.unobservedSince = clock.now()
  const hadEnded = entry.status !== 'active'
  model.entries.set(id, entry)
  entry.item = snapshot.item
  entry.revision += 1
  entry.isRevisionVague = true
  entry.isValidatorVague = true
  entry.status = snapshot.status
  entry.error = snapshot.error === undefined ? { kind: 'none' } : { kind: 'same', error: snapshot.error }
  entry.failureCount = snapshot.failureCount
  entry.unchangedCount = snapshot.unchangedCount
  entry.changedAt = snapshot.changedAt ?? 0
  entry.refreshedAt = snapshot.refreshedAt
  if (snapshot.status !== 'active' && !hadEnded) entry.endedMono = clock.now()
  if (snapshot.status === 'active') entry.endedMono = undefined
  entry.isAdopted = true
  entry.due = { lo: 0, hi: Infinity }
  entry.mayBeEarly = true
  if (snapshot.isDeleting) entry.removal ??= { lo: 0, hi: Infinity }
  else entry.removal = undefined
}
