import { expect, it } from 'vitest'
import { Delays } from './delays.ts'
import { Fences } from './fences.ts'
import { StateReader } from './state-reader.ts'

const present = {
  id: 'x',
  item: 2,
  validator: undefined,
  error: undefined,
  failureCount: 0,
  unchangedCount: 0,
  age: 100,
  next: 900,
}

const readerOf = (isTerminal: (item: unknown) => boolean = () => false): StateReader<unknown> =>
  new StateReader<unknown>((data) => data, isTerminal, new Fences(), new Delays(() => 0))

it('K4: the age decides about the first state of a leader, because one that slept tells what is older', () => {
  const reader = readerOf()
  const first = { id: 'x', version: '1', item: 0, age: 15_000, seq: 7 }
  expect(reader.read(first, present)).toEqual([expect.not.objectContaining({ take: 'newer' })])
  expect(reader.read({ ...first, item: 3, version: '2', age: 0, seq: 8 }, present)).toMatchObject([
    { item: 3, take: 'newer' },
  ])
})

it('K4: nor is a state of before taken as newer when another leader begins to count', () => {
  const reader = readerOf()
  reader.read({ id: 'x', version: '1', item: 0, age: 0, seq: 7 }, present)
  reader.newLeader()
  const [read] = reader.read({ id: 'x', version: '0', item: -1, age: 15_000, seq: 3 }, present)
  expect(read).not.toHaveProperty('take')
})

it('K4: a leader that is asked anew has no number for what it knew before, and the age decides', () => {
  const reader = readerOf()
  reader.read({ id: 'x', version: '1', item: 2, age: 0, seq: 7 }, present)
  const [read] = reader.read({ id: 'x', version: '2', item: 3, age: 50, seq: 0 }, present)
  expect(read).toMatchObject({ item: 3, age: 50 })
  expect(read).not.toHaveProperty('take')
})

it('K15: the end of an item is taken although this member has seen an error since that no leader has', () => {
  const reader = readerOf((item) => item === 9)
  const failing = { ...present, error: new Error('down'), failureCount: 1 }
  expect(reader.read({ id: 'x', version: '1', item: 3, age: 50, seq: 0 }, failing)).toEqual([])
  expect(reader.read({ id: 'x', version: '2', item: 9, age: 50, seq: 0 }, failing)).toMatchObject([
    { item: 9 },
  ])
})

it('K15: what is told again is taken if it was passed over the first time', () => {
  const reader = readerOf(() => true)
  const end = { id: 'x', version: '1', item: 9, age: 50, seq: 7 }
  reader.read(end, present)
  expect(reader.read(end, present)).toMatchObject([{ item: 9 }, { take: 'failure' }])
  expect(reader.read(end, { ...present, item: 9 })).toMatchObject([{ take: 'failure' }])
})
