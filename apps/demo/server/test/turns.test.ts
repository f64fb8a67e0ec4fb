import { expect, it } from 'vitest'
import { Turns } from '../src/farm/turns.ts'

const signal = new AbortController().signal

/** Runs all promise jobs and immediates. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

it('lets the given number in at a time, first come first served', async () => {
  const turns = new Turns(2)
  const entered: string[] = []
  for (const name of ['a', 'b', 'c', 'd', 'e']) void turns.take(signal).then(() => entered.push(name))
  await settle()
  expect(entered).toEqual(['a', 'b'])
  turns.giveBack()
  await settle()
  expect(entered).toEqual(['a', 'b', 'c'])
  turns.giveBack()
  turns.giveBack()
  await settle()
  expect(entered).toEqual(['a', 'b', 'c', 'd', 'e'])
})

it('skips callers that have left', async () => {
  const turns = new Turns(1)
  const leaving = new AbortController()
  const entered: string[] = []
  await turns.take(signal)
  const left = turns.take(leaving.signal).catch((error: unknown) => error)
  void turns.take(signal).then(() => entered.push('stayed'))
  leaving.abort()
  expect(await left).toBeInstanceOf(Error)
  turns.giveBack()
  await settle()
  expect(entered).toEqual(['stayed'])
  await expect(turns.take(leaving.signal)).rejects.toThrow('aborted')
})

it('keeps a turn that nobody waits for', async () => {
  const turns = new Turns(1)
  await turns.take(signal)
  turns.giveBack()
  await turns.take(signal)
  const later = turns.take(signal)
  turns.giveBack()
  await later
})
