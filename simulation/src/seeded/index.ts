import type { SeededBug } from './seeded-bug.ts'

export const seeded: readonly SeededBug[] = []
