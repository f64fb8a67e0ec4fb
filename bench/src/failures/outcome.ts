/** The unit of a figure; it decides how it is rounded, printed, and compared with its goal. */
export type Unit = '%' | 's' | 'calls' | 'calls/s' | 'refreshes' | 'items'

/** A measured value beside the first edition's and the goal. `Infinity`: it never happened. */
export interface Figure {
  readonly unit: Unit
  /** Text before the value if a row has several of one unit. */
  readonly label?: string
  readonly better: 'more' | 'less'
  /** The first edition's value; undefined if it was not measured. */
  readonly first: number | undefined
  readonly goal: number
  readonly measured: number
}

/** A line of the table of scenarios. */
export interface Row {
  readonly scenario: string
  readonly figures: readonly Figure[]
}

/** A promise about figures that must hold, or the command fails. */
export interface Bound {
  readonly bound: string
  readonly unit: Unit
  readonly sense: 'at most' | 'at least'
  readonly limit: number
  readonly measured: number
}

/** Results of a scenario. */
export interface Outcome {
  readonly rows: readonly Row[]
  readonly bounds: readonly Bound[]
}

/** Situations that are simulated and printed together. */
export interface Scenario {
  readonly name: string
  readonly run: () => Promise<Outcome>
}

export function isMet({ sense, limit, measured }: Bound): boolean {
  return sense === 'at most' ? measured <= limit : measured >= limit
}

/** The values of a figure, without its unit. */
type Values = Pick<Figure, 'first' | 'goal' | 'measured'> & { readonly label?: string }

export function share(values: Values): Figure {
  return { unit: '%', better: 'more', ...values }
}

/** A time in seconds, the shorter the better. */
export function time(values: Values): Figure {
  return { unit: 's', better: 'less', ...values }
}

export function calls(values: Values): Figure {
  return { unit: 'calls', better: 'less', ...values }
}

export function callRate(values: Values): Figure {
  return { unit: 'calls/s', better: 'less', ...values }
}

export function atMost(bound: string, unit: Unit, limit: number, measured: number): Bound {
  return { bound, unit, sense: 'at most', limit, measured }
}

export function atLeast(bound: string, unit: Unit, limit: number, measured: number): Bound {
  return { bound, unit, sense: 'at least', limit, measured }
}

/** Tolerance beside a goal: a share of the goal, or an absolute amount if that is larger. */
const SLACK: Readonly<Record<Unit, readonly [share: number, absolute: number]>> = {
  '%': [0, 2],
  s: [0.1, 1],
  calls: [0.02, 0],
  'calls/s': [0.1, 0.02],
  refreshes: [0.02, 0],
  items: [0, 0],
}

/** True if the figure reaches its goal within the tolerance. */
export function isReached({ unit, better, goal, measured }: Figure): boolean {
  const [relative, absolute] = SLACK[unit]
  const slack = Math.max(Math.abs(goal) * relative, absolute)
  return better === 'more' ? measured >= goal - slack : measured <= goal + slack
}
