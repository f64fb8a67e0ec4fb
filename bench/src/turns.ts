import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import * as v from 'valibot'
import type { Numbers } from './measures/refresh.ts'
import type { Cell } from './plan.ts'
import { spreadOf, type Measured } from './results.ts'

/** s after which a turn is stopped and its competitor left out. */
const LIMIT = 30

const run = promisify(execFile)
const numbersSchema = v.record(v.string(), v.number())

/** Measures some figures in turns, each turn in a fresh process. */
export async function takeTurns(
  cells: readonly Cell[],
  most: number,
  tell: (id: string) => void,
): Promise<Measured[]> {
  const seen = new Map(cells.map((cell): [Cell, Numbers[]] => [cell, []]))
  const stopped = new Map<Cell, string>()
  const turns = Math.min(most, Math.max(0, ...cells.map((cell) => cell.turns)))
  for (let turn = 0; turn < turns; turn++) {
    for (const [cell, numbers] of seen) {
      if (turn >= cell.turns || stopped.has(cell)) continue
      tell(cell.id)
      const result = await takeTurn(cell)
      if (typeof result === 'string') stopped.set(cell, result)
      else numbers.push(result)
    }
  }
  return [...seen].map(([cell, numbers]) => {
    const names = Object.keys(numbers[0] ?? {})
    const values = names.map((name) => [name, spreadOf(numbers.map((each) => each[name] ?? NaN))] as const)
    return {
      id: cell.id,
      turns: numbers.length,
      values: Object.fromEntries(values),
      stopped: stopped.get(cell),
    }
  })
}

/** @returns the measurement, or the reason for none */
async function takeTurn({ id }: Cell): Promise<Numbers | string> {
  const program = path.join(import.meta.dirname, 'turn.js')
  try {
    const { stdout } = await run(process.execPath, ['--expose-gc', program, id], {
      timeout: LIMIT * 1000,
      killSignal: 'SIGKILL',
      env: { ...process.env, NODE_ENV: 'production' },
    })
    return v.parse(numbersSchema, JSON.parse(stdout))
  } catch (error) {
    if (isKilled(error)) return `over ${LIMIT} s a turn`
    console.error(error)
    return 'failed'
  }
}

function isKilled(error: unknown): boolean {
  return error instanceof Error && 'killed' in error && error.killed === true
}
