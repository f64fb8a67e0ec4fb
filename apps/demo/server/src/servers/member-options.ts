/** Options of a server of several. */
export interface MemberOptions {
  /** From 1. */
  readonly number: number
  readonly of: number
  readonly farmUrl: string
  readonly storeUrl: string
  /** Another one for each farm, because the jobs of two farms are no group. */
  readonly namespace: string
  readonly host: string
  readonly port: number
  readonly pageFolder?: string | undefined
}

/** Its one message to the process that started it: its address, or why it has none. */
export type MemberTold = { readonly url: string } | { readonly failure: string }

export function isTold(message: unknown): message is MemberTold {
  return typeof message === 'object' && message !== null && ('url' in message || 'failure' in message)
}
