import { Chance } from '../chance.ts'
import type { Script } from '../script.ts'
import { FieldGenerator } from './field.ts'
import { UsersGenerator } from './users.ts'

/** Percentage of seeds that are field runs: they take most of the time. */
const FIELD = 8

/** The run that a seed stands for. */
export function generate(seed: number): Script {
  const chance = new Chance(seed)
  return chance.is(FIELD) ? new FieldGenerator(chance).script(seed) : new UsersGenerator(chance).script(seed)
}
