import type { Chance } from './chance.ts'

/** A message that a hostile page could send: of the right group, and wrong in some other way. */
export function hostileMessage(chance: Chance, epoch: number): unknown {
  const header = { v: 1, group: 'A', shape: '1', from: 'evil' }
  const [body, isMalformed = false] = chance.pick<[Readonly<Record<string, unknown>>, true?]>([
    [{ type: 'beat', seq: 1e9, members: 3 }],
    [{ type: 'answers', seq: 5, states: [{ id: 'x', seq: 5, version: 'q', item: null }], gone: [] }, true],
    [{ type: 'answers', seq: 'many', states: [], gone: ['x'] }, true],
    [{ type: 'ack', n: 1, seq: 1, states: 'none' }, true],
    [{ type: 'ask', n: 1, refresh: [{ ticket: 1, ids: ['x'] }] }],
    [{ type: 'ask', n: 1, remove: ['x', 'y'] }],
    [{ type: 'ask', n: 2, wrote: ['x'] }],
    [{ type: 'ask', n: 3, wrote: 'x' }, true],
    [{ type: 'ask', n: 4, add: [null] }, true],
    [{ type: 'nonsense' }, true],
    [{ type: 'done', ticket: 1, results: {} }, true],
    [{ type: 'hello' }],
  ])
  // What is malformed is dropped, however late its epoch is.
  const epochs = [0, 1, epoch - 5, -1, 1e300, Number.NaN, ...(isMalformed ? [epoch, epoch, epoch] : [])]
  return chance.is(0.1)
    ? chance.pick([undefined, null, 7, 'x', []])
    : { ...header, epoch: chance.pick(epochs), ...body }
}
