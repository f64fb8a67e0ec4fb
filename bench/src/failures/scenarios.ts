import { clicksScenario } from './clicks.ts'
import { crowdScenario } from './crowd.ts'
import { flappingScenario } from './flapping.ts'
import { freezeScenario } from './freeze.ts'
import { healingScenario } from './healing.ts'
import { healthyScenario } from './healthy.ts'
import { itemFailuresScenario } from './item-failures.ts'
import { networkScenario } from './network.ts'
import { newItemScenario } from './new-item.ts'
import { oneRefreshScenario } from './one-refresh.ts'
import type { Scenario } from './outcome.ts'
import { outageScenario } from './outage.ts'
import { poisonScenario } from './poison-scenario.ts'
import { refusalsScenario } from './refusals.ts'
import { regionsScenario } from './regions-scenario.ts'
import { slownessScenario } from './slowness.ts'

/** All scenarios, in the order of the tables. */
export const SCENARIOS: readonly Scenario[] = [
  healthyScenario,
  poisonScenario,
  healingScenario,
  itemFailuresScenario,
  regionsScenario,
  outageScenario,
  refusalsScenario,
  flappingScenario,
  slownessScenario,
  networkScenario,
  newItemScenario,
  clicksScenario,
  oneRefreshScenario,
  freezeScenario,
  crowdScenario,
]
