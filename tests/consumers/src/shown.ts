import { expect } from 'vitest'

/** The line that a consumer writes about a finished job: `succeeded 320/320`. */
const ENDED = /^succeeded (\d+)\/\1$/

/** Reads repeatedly until the job has ended. Returns the texts without repetitions. */
export async function seeToTheEnd(look: () => Promise<string>): Promise<string[]> {
  const seen: string[] = []
  await expect
    .poll(
      async () => {
        const text = await look()
        if (text !== seen.at(-1)) seen.push(text)
        return text
      },
      { interval: 50, timeout: 120_000 },
    )
    .toMatch(ENDED)
  return seen
}

/** Checks that a job was shown when it was submitted, on its way, and at its end. */
export function expectFollowed(seen: readonly string[]): void {
  expect(seen[0]).toMatch(/^(queued|running) \d+\/320$/)
  expect(seen.slice(1, -1).some((text) => text.startsWith('running '))).toBe(true)
  expect(seen.at(-1)).toMatch(ENDED)
}
