import { Hono } from 'hono'
import type { NodeList, NodeStatusAnswer, NodeStatusResponse, VersionedNode } from '../api-nodes.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { readJson } from '../read-json.ts'
import { nodeStatusRequestSchema } from '../schemas.ts'
import type { TrafficCounter } from '../traffic.ts'

export interface NodeRoutesOptions {
  readonly fleet: Fleet
  readonly traffic: TrafficCounter
}

/** The fleet: all of it, or many nodes at a time. */
export function nodeRoutes({ fleet, traffic }: NodeRoutesOptions): Hono {
  const routes = new Hono()

  routes.get('/', (context) => context.json({ nodes: fleet.list() } satisfies NodeList))

  routes.post('/status', async (context) => {
    const { nodes } = await readJson(context.req, nodeStatusRequestSchema)
    const found = fleet.find(nodes.map(({ id }) => id))
    const answers = nodes.map(({ id, version }, index) => answer(id, found[index], version))
    traffic.nodesAnswered(answers)
    return context.json({ answers } satisfies NodeStatusResponse)
  })

  return routes
}

function answer(id: string, found: VersionedNode | undefined, known: number | undefined): NodeStatusAnswer {
  if (found === undefined) return { id, status: 'gone' }
  const { node, version } = found
  return version === known ? { id, status: 'unchanged', version } : { id, status: 'changed', version, node }
}
