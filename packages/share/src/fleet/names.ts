import { PROTOCOL } from '../protocol/message.ts'
import type { GroupKey } from '../group/transport.ts'

const MAX_NAMESPACE = 200

/** Names of a group's keys and of its channels. They share a hash tag, so that a cluster keeps them in one slot (V7). */
export interface Names {
  readonly lease: string
  readonly fence: string
  readonly channel: string
  /** Channel of one member: what is for one does not go to all. */
  own(member: string): string
  value(id: string): string
}

/** @param database number of the database, which channels do not know */
export function namesOf(namespace: string, database: number, { group, shape }: GroupKey): Names {
  const prefix = `${namespace}:${database}:{${sized(group)}:${sized(shape)}}:v${PROTOCOL}`
  return {
    lease: `${prefix}:lease`,
    fence: `${prefix}:fence`,
    channel: `${prefix}:channel`,
    own: (member) => `${prefix}:member:${sized(member)}`,
    value: (id) => `${prefix}:item:${sized(id)}`,
  }
}

/** @throws {TypeError} if names that begin with it could be another application's, or lie in another slot */
export function checkNamespace(namespace: unknown): void {
  const isName = typeof namespace === 'string' && namespace !== '' && !/[{}\s*?[\]\\]/.test(namespace)
  if (isName && namespace.length <= MAX_NAMESPACE) return
  throw new TypeError(
    `namespace must name the application and its environment, without spaces, braces or patterns; got ${String(namespace)}`,
  )
}

/** A part of a name that no other part can imitate: its length, and its text as JSON, because UTF-8 has no lone surrogates. */
function sized(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1)
  return `${escaped.length}:${escaped}`
}
