import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { EXCEPTIONS } from './exceptions.ts'

const folder = path.join(import.meta.dirname, '..', '..', '..', 'core', 'test')

it('K1: each exception is a case of the core', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts'))
  const source = files.map((name) => readFileSync(path.join(folder, name), 'utf8')).join()
  const names = EXCEPTIONS.flatMap(({ cases }) => Object.keys(cases))
  expect(names.length).toBeGreaterThan(100)
  expect(
    names.filter((name) => !source.includes(name.replaceAll("'", "\\'")) && !source.includes(name)),
  ).toEqual([])
})
