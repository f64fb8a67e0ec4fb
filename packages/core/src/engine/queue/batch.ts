import type { DelayQueue } from './delay-queue.ts'
import type { DueGroup, GroupMember } from './due-group.ts'

/** Maximum groups looked past that do not fit (S5: if intervals differ, a bounded look-ahead is enough). */
const LOOK_AHEAD = 32

/** Share of the smaller of two waits by which an item may come early (S5). */
const EARLY_SHARE = 0.5

/** The limits by which a batch is formed. */
export interface BatchLimits {
  readonly now: number
  /** Items due by this time are due: `now`, or earlier in a pause. */
  readonly dueBy: number
  readonly batchSize: number
  /** True if items may come early to fill the batch. */
  readonly fills: boolean
}

/** The queue whose first group is due first. */
export function soonest<Member extends GroupMember<Member>>(
  queues: readonly DelayQueue<Member>[],
): DelayQueue<Member> | undefined {
  let first: DelayQueue<Member> | undefined
  for (const queue of queues) if (first === undefined || queue.firstDue < first.firstDue) first = queue
  return first
}

/** Takes the next batch out of the queues: what is due, oldest first, filled with what may come early (S4, S5). */
export function takeBatch<Member extends GroupMember<Member>>(
  queues: readonly DelayQueue<Member>[],
  { now, dueBy, batchSize, fills }: BatchLimits,
): Member[] {
  let batch: Member[] = []
  const passedOver: [DelayQueue<Member>, DueGroup<Member>][] = []
  /** The longest wait among the due ones: nothing further away than its share of that may come early. */
  let reach = 0
  while (batch.length < batchSize && passedOver.length < LOOK_AHEAD) {
    const queue = soonest(queues)
    const group = queue?.first
    if (queue === undefined || group === undefined) break
    const isDue = group.due <= dueBy
    const wait = group.due - now
    if (!isDue && (!fills || wait > EARLY_SHARE * reach)) break
    if (isDue || isEarly(group, wait, now)) {
      if (isDue) reach = Math.max(reach, group.span)
      const taken = group.take(batchSize - batch.length)
      if (batch.length === 0) batch = taken
      else for (const member of taken) batch.push(member)
      continue
    }
    queue.remove(group)
    passedOver.push([queue, group])
  }
  for (const [queue, group] of passedOver) queue.push(group)
  return batch
}

function isEarly<Member extends GroupMember<Member>>(
  { span, notBefore }: DueGroup<Member>,
  wait: number,
  now: number,
): boolean {
  return notBefore <= now && (span === 0 || wait <= EARLY_SHARE * span)
}
