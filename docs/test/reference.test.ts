import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const core = path.join(root, 'packages/core/src')

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
const page = (name: string): string => read(`docs/${name}.md`)

/** Returns the names of an interface's members. */
function membersOf(file: string, name: string): string[] {
  const [, rest = ''] = read(file).split(new RegExp(`export (?:interface|type) ${name}\\b`))
  const [body = ''] = rest.split(/^}/m)
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[?(:]/gm)].map(([, member = '']) => member)
}

function sources(): string[] {
  return readdirSync(core, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.test)\.ts$/.test(name))
    .map((name) => readFileSync(path.join(core, name), 'utf8'))
}

describe('the reference', () => {
  it('has each option', () => {
    const documented = [...page('reference/options').matchAll(/^## (\w+)$/gm)].map(([, name = '']) => name)
    expect(documented.toSorted()).toEqual(
      membersOf('packages/core/src/options.ts', 'AutoRefreshOptions').toSorted(),
    )
  })

  it('has each method', () => {
    const members = new Set(membersOf('packages/core/src/auto-refresh.ts', 'AutoRefresh'))
    members.delete('adapterSeam')
    expect(members.size).toBeGreaterThan(25)
    expect(
      [...members].filter((name) => !new RegExp(`\`${name}\\b`).test(page('reference/methods'))),
    ).toEqual([])
  })

  it.each(['AutoRefreshStats', 'CacheStatus'])('has each field of %s', (name) => {
    const text = page('reference/events') + page('reference/methods')
    const members = membersOf('packages/core/src/auto-refresh.ts', name)
    expect(members.length).toBeGreaterThan(4)
    expect(members.filter((member) => !text.includes(`\`${member}\``))).toEqual([])
  })

  it('has each event and each reason of a removal', () => {
    const [, events = ''] = read('packages/core/src/auto-refresh.ts').split('export type DeleteReason')
    const [listing = ''] = events.split('export interface AutoRefreshStats')
    const words = [...listing.matchAll(/'([a-z-]+)'/g)].map(([, word = '']) => word)
    expect(words.length).toBeGreaterThan(20)
    expect(words.filter((word) => !new RegExp(`[\`']${word}[\`']`).test(page('reference/events')))).toEqual(
      [],
    )
  })

  it('has each error code', () => {
    const codes = [...read('packages/core/src/errors.ts').matchAll(/\| '([A-Z_]+)'/g)].map(
      ([, code = '']) => code,
    )
    expect(codes.length).toBeGreaterThan(7)
    expect(codes.filter((code) => !page('reference/errors').includes(`\`${code}\``))).toEqual([])
  })
})

describe('troubleshooting', () => {
  it('has each message of an error', () => {
    const text = page('troubleshooting')
    const missing = sources()
      .flatMap((source) => Array.from(source.matchAll(/new (?:AutoRefresh|Type|Range)Error\(([^;]*?)\)\n/gs)))
      .flatMap(([, argument = '']) => fixedParts(argument))
      .filter((part) => !text.includes(part))
    expect(missing).toEqual([])
  })
})

/** Returns the longest fixed part of each message in the arguments of an error's constructor. */
function fixedParts(argument: string): string[] {
  return [...argument.matchAll(/`([^`]*)`|'([^']*\s[^']*)'/g)].flatMap(([, template, text]) => {
    const parts = (template ?? text ?? '').split(/\$\{(?:[^{}]|\{[^{}]*\})*\}/)
    const longest = parts.reduce((best, part) => (part.length > best.length ? part : best), '')
    const part = longest.replace(/^: /, '').trim()
    return part.length > 3 ? [part] : []
  })
}
