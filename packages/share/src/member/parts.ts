import { MAX_IDS, MAX_MESSAGE_LENGTH } from '../protocol/limits.ts'

/** Longest list in a message, characters as JSON: a third of what a message may have, because each may take three bytes. */
const MAX_LENGTH = MAX_MESSAGE_LENGTH / 3

/** Divides a list into what one message may hold, by number and by size (K8). */
export function parts<Part>(list: readonly Part[]): Part[][] {
  const all: Part[][] = []
  let last: Part[] = []
  let room = 0
  for (const part of list) {
    const { length } = JSON.stringify(part)
    room -= length + 1
    if (room < 0 || last.length >= MAX_IDS) {
      room = MAX_LENGTH - length - 1
      last = []
      all.push(last)
    }
    last.push(part)
  }
  return all
}
