/** A rule that did not hold. */
export class Violation extends Error {}

/** @throws {Violation} if the rule does not hold */
export function check(holds: boolean, rule: string, what: () => string): void {
  if (!holds) throw new Violation(`${rule}: ${what()}`)
}
