import { describe, expect, it } from 'vitest'
import { errorText } from '../src/format/error-text.ts'
import { inspectInFull, inspectInLine, redact } from '../src/format/inspect.ts'
import { isJson } from '../src/format/is-json.ts'
import { formatCount, formatDuration, formatNumber, formatSpan } from '../src/format/numbers.ts'

describe('values', () => {
  it.each([
    [{ state: 'running', progress: 3 }, '{ state: "running", progress: 3 }'],
    [[1, [2, 3]], '[1, [2, 3]]'],
    [{}, '{}'],
    [[], '[]'],
    [null, 'null'],
    [10n, '10n'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(NaN), 'Invalid Date'],
    [new Map([['a', 1]]), 'Map { "a" → 1 }'],
    [new Set([1]), 'Set { 1 }'],
    [{ error: new TypeError('no') }, '{ error: TypeError: no }'],
    [() => 1, 'function'],
  ])('%o in a line', (value, text) => {
    expect(inspectInLine(value)).toBe(text)
  })

  it('is JSON in full if it is plain data', () => {
    const value = { a: [1, { b: 'c' }], d: {}, e: [] }
    expect(inspectInFull(value)).toBe(JSON.stringify(value, undefined, 2))
  })

  it('ends for cycles, for endless depth and for large values', () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    expect(inspectInLine(cycle)).toBe('{ self: … }')
    const endless = (): object => ({
      get next() {
        return endless()
      },
    })
    expect(inspectInFull(endless()).length).toBeLessThan(500)
    expect(inspectInLine('x'.repeat(1_000_000)).length).toBeLessThan(200)
    expect(inspectInFull(Array.from({ length: 1_000_000 }, (_, index) => index)).length).toBeLessThan(20_010)
  })

  it('names what cannot be read, and throws nothing', () => {
    const bad = {
      get secret(): string {
        throw new Error('closed')
      },
    }
    expect(inspectInLine(bad)).toBe('a value that cannot be read')
    expect(isJson(bad)).toBe(false)
  })

  it('tells the type of what is redacted, and no more', () => {
    expect([{ a: 1 }, [1], 'secret', 7, null, true].map(redact)).toEqual([
      'object',
      'array',
      'string',
      'number',
      'null',
      'boolean',
    ])
  })
})

describe('isJson', () => {
  it.each([{ a: [1, 'b', null, true], c: undefined }, 'text', 7, null, [[]]])('%o can be edited', (value) => {
    expect(isJson(value)).toBe(true)
  })
  it.each([
    undefined,
    NaN,
    -0,
    10n,
    new Date(),
    new Map(),
    { at: new Date() },
    [undefined],
    [() => 1],
    { toJSON: () => 1 },
  ])('%o cannot', (value) => {
    expect(isJson(value)).toBe(false)
  })
})

it('isJson ends for a cycle, and refuses what is too large to edit', () => {
  expect(isJson(Array.from({ length: 20_000 }, () => 1))).toBe(false)
  const cycle: unknown[] = []
  cycle.push(cycle)
  expect(isJson(cycle)).toBe(false)
})

describe('numbers', () => {
  it('are short, and of one form', () => {
    expect([0, 999, 1000, 1234567].map(formatNumber)).toEqual(['0', '999', '1,000', '1,234,567'])
    expect([0, 1, 2000].map((count) => formatCount(count, 'item'))).toEqual([
      '0 items',
      '1 item',
      '2,000 items',
    ])
    expect([0.4, 84, 999.4, 1240].map(formatDuration)).toEqual(['0 ms', '84 ms', '999 ms', '1.24 s'])
    expect([-5, 4200, 184_000, 7_500_000, 273_600_000].map(formatSpan)).toEqual([
      '0 s',
      '4 s',
      '3 m 04 s',
      '2 h 05 m',
      '3 d 04 h',
    ])
  })
})

describe('errors', () => {
  it('are told in a line, whatever was thrown', () => {
    class Unreadable extends Error {
      override get message(): string {
        throw new Error('no')
      }
    }
    expect(errorText(new Error('HTTP 500'))).toBe('HTTP 500')
    expect(errorText(new TypeError('x'))).toBe('TypeError: x')
    expect(errorText('gone')).toBe('gone')
    expect(errorText(undefined)).toBe('[object Undefined]')
    expect(errorText(new Unreadable())).toBe('an error without a message')
    expect(errorText(new Error('y'.repeat(1000))).length).toBe(301)
  })
})
