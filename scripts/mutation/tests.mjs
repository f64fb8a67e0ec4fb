// The tests of the core import this as `vitest` while mutants are run. `expect` and `vi` are Vitest's own.

export { expect, expectTypeOf, vi } from 'vitest'

// `vi` asks this of the Vitest worker in which it believes to run.
Object.assign(globalThis, { ['__vitest_worker__']: { config: { fakeTimers: {} } } })

/** By id: the file, and all the names. */
let collected = new Map()
/** Those that are being registered, one in the other. */
let suites = []
let whenFinished = []

/** Registers the tests of a file, which `load` imports. */
export async function collect(into, file, load) {
  collected = into
  suites = [{ name: `${file}#`, before: [], after: [] }]
  await load()
}

/** Runs a test with its hooks. Rejects if it fails. */
export async function run({ body, around }) {
  whenFinished = []
  try {
    for (const { before } of around) for (const hook of before) await hook()
    await body()
  } finally {
    for (const { after } of around.toReversed()) for (const hook of after) await hook()
    for (const hook of whenFinished.toReversed()) await hook()
  }
}

function withEach(register) {
  const each =
    (cases) =>
    (name, ...rest) => {
      const body = rest.find((one) => typeof one === 'function')
      for (const [index, values] of cases.entries()) {
        register(`${name} (${index})`, () => body(...(Array.isArray(values) ? values : [values])))
      }
    }
  return Object.assign(register, { each })
}

export const describe = withEach((name, body) => {
  const outer = suites
  suites = [...outer, { name: `${name} `, before: [], after: [] }]
  body()
  suites = outer
})

export const it = withEach((name, ...rest) => {
  const id = [...suites.map((suite) => suite.name), name].join('')
  if (collected.has(id)) throw new Error(`two tests are ${id}`)
  collected.set(id, { id, body: rest.find((one) => typeof one === 'function'), around: suites })
})

export const beforeEach = (hook) => void suites.at(-1).before.push(hook)
export const afterEach = (hook) => void suites.at(-1).after.push(hook)
/** What a set-up restores at the end: the process ends with it. */
export const afterAll = () => {}
export const onTestFinished = (hook) => void whenFinished.push(hook)
