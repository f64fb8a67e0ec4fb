/** An item of the source. */
export interface Job {
  readonly step: number
}

/** Configuration of a process of the fleet. */
export interface ProcessOptions {
  readonly name: string
  readonly url: string
  readonly source: string
  /** ms */
  readonly interval: number
  readonly lease: number
  readonly commandTimeout: number
  /** Address of the Sentinel by which the store is found, if there is one. */
  readonly sentinel?: { readonly port: number; readonly name: string }
}

/** The view that a test has of a process. */
export interface Seen {
  readonly role: string
  readonly alone: string | undefined
  readonly epoch: number
  readonly members: number
  readonly syncCalls: number
  readonly items: Readonly<Record<string, number | undefined>>
  /** Ids of which an error is shown. */
  readonly failing: readonly string[]
  /** Roles since the start. */
  readonly roles: readonly string[]
}

// The processes of a test trust one another, so parsed messages are not checked.

export function parseOptions(text: string): ProcessOptions {
  // oxlint-disable-next-line typescript/no-unsafe-return -- see above
  return JSON.parse(text)
}

export function parseCall(text: string): { readonly by: string; readonly ids: readonly string[] } {
  // oxlint-disable-next-line typescript/no-unsafe-return -- see above
  return JSON.parse(text)
}

export function parseAnswers(text: string): readonly { readonly id: string; readonly item: Job }[] {
  // oxlint-disable-next-line typescript/no-unsafe-return -- see above
  return JSON.parse(text)
}
