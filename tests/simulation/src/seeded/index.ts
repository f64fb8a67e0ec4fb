import { failures } from './failures.ts'
import { life } from './life.ts'
import type { SeededBug } from './seeded-bug.ts'
import { values } from './values.ts'

/** Bugs that the simulation has to find: the first edition's failure policy, each fault that the field showed, and slips. */
export const seeded: readonly SeededBug[] = [...failures, ...values, ...life]
