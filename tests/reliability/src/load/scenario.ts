/** Scenario of a backend and the programs that poll it. All times are ms. */
export interface Scenario {
  readonly caches: number
  readonly itemsPerCache: number
  readonly interval: number
  /** Calls per second that the backend can answer: a little more than one timer per item needs if nothing fails. */
  readonly capacity: number
  /** ms in its queue after which a call is answered with 503. */
  readonly queueTimeout: number
  /** Duration before the outage. */
  readonly before: number
  /** Duration of the outage. */
  readonly outage: number
  /** Duration after the outage in which calls count as those of the outage. */
  readonly counted: number
  /** Duration of the observation after the outage. */
  readonly after: number
  /** Time between two samples. */
  readonly period: number
}

/** 500 pages, each of which shows twelve jobs, and an outage of a minute. */
export const FULL: Scenario = {
  caches: 500,
  itemsPerCache: 12,
  interval: 10_000,
  capacity: 660,
  queueTimeout: 2000,
  before: 20_000,
  outage: 60_000,
  counted: 10_000,
  after: 60_000,
  period: 1000,
}

/** The same with fewer pages, in about a sixth of the time. */
export const SMALL: Scenario = {
  caches: 25,
  itemsPerCache: 10,
  interval: 1000,
  capacity: 275,
  queueTimeout: 400,
  before: 2500,
  outage: 10_000,
  counted: 1667,
  after: 12_000,
  period: 100,
}
