import { run } from './run.ts'
import { fromJson, type Script, toJson } from './script.ts'
import type { Subject } from './subject.ts'

/** A run more often than this takes minutes. */
const MOST_RUNS = 1500

type Path = readonly (string | number)[]

/** A smaller script that breaks the same rule: list elements and optional fields are left out as long as it does. */
export async function shrink(script: Script, subject: Subject): Promise<Script> {
  const first = await run(script, subject)
  if (first.violation === undefined) return script
  const { rule } = first.violation
  let runs = 0
  let smallest: Script = { ...script, steps: script.steps.slice(0, first.steps) }
  const isBroken = async (candidate: Script): Promise<boolean> => {
    runs += 1
    try {
      return runs <= MOST_RUNS && (await run(candidate, subject)).violation?.rule === rule
    } catch {
      // Something is missing that a run needs.
      return false
    }
  }
  if (!(await isBroken(smallest))) smallest = script
  for (const path of [['reactions'], ['answers']])
    smallest = await tried(smallest, changed(smallest, path, []), isBroken)
  for (;;) {
    const before = toJson(smallest)
    for (const path of listsOf(smallest)) smallest = await withFewer(smallest, path, isBroken)
    for (const name of Object.keys(smallest.options))
      if (name !== 'interval')
        smallest = await tried(smallest, changed(smallest, ['options', name], undefined), isBroken)
    if (before === toJson(smallest)) return smallest
  }
}

type Test = (script: Script) => Promise<boolean>

async function tried(script: Script, candidate: Script, isBroken: Test): Promise<Script> {
  return toJson(candidate) !== toJson(script) && (await isBroken(candidate)) ? candidate : script
}

/** Leaves pieces of a list out, large ones first. */
async function withFewer(script: Script, path: Path, isBroken: Test): Promise<Script> {
  let smallest = script
  const least = path[0] === 'random' ? 1 : 0
  for (let size = Math.ceil(listAt(smallest, path).length / 2); size >= 1; size = Math.floor(size / 2))
    for (let at = listAt(smallest, path).length - size; at >= 0; at -= size) {
      const list = listAt(smallest, path)
      const rest = [...list.slice(0, at), ...list.slice(at + size)]
      if (rest.length >= least) smallest = await tried(smallest, changed(smallest, path, rest), isBroken)
    }
  return smallest
}

/** Every list in a script, outer ones first. */
function listsOf(script: Script): Path[] {
  const paths: Path[] = []
  const visit = (value: unknown, path: Path): void => {
    if (Array.isArray(value)) paths.push(path)
    if (typeof value !== 'object' || value === null) return
    for (const [key, part] of Object.entries(value)) visit(part, [...path, key])
  }
  visit(script, [])
  return paths.toSorted((a, b) => a.length - b.length)
}

function listAt(script: Script, path: Path): readonly unknown[] {
  let value: unknown = script
  for (const key of path)
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return Array.isArray(value) ? value : []
}

/** A copy with another value at the path; `undefined` leaves the field out. */
function changed(script: Script, path: Path, value: unknown): Script {
  const copy = fromJson(toJson(script))
  let owner: object = copy
  for (const key of path.slice(0, -1)) {
    const next: unknown = Reflect.get(owner, key)
    if (typeof next !== 'object' || next === null) return script
    owner = next
  }
  const last = path.at(-1) ?? ''
  if (value === undefined) Reflect.deleteProperty(owner, last)
  else Reflect.set(owner, last, value)
  return copy
}
