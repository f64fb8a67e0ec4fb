import { Hono } from 'hono'
import { NO_FAULTS } from '../api.ts'
import type { FaultSwitches } from '../faults.ts'
import { readJson } from '../read-json.ts'
import { faultsSchema } from '../schemas.ts'

/** Reads and sets the faults of status requests. */
export function faultRoutes(faults: FaultSwitches): Hono {
  const routes = new Hono()

  routes.get('/', (context) => context.json(faults.current))

  routes.put('/', async (context) => {
    faults.set(await readJson(context.req, faultsSchema))
    return context.json(faults.current)
  })

  routes.delete('/', (context) => {
    faults.set(NO_FAULTS)
    return context.json(faults.current)
  })

  return routes
}
