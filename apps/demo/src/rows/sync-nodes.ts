import type { SyncFunction, SyncResponse } from '@auto-refresh/core'
import type {
  NodeStatusAnswer,
  NodeStatusRequest,
  NodeStatusResponse,
  RenderNode,
} from '@auto-refresh/demo-server/api'
import { readBody } from '../read-body.ts'
import { StatusError } from '@auto-refresh/demo-server/sync-jobs'

/** A sync function that asks the farm at `farmUrl` ('' for the page's own) for a thousand nodes in one request. */
export function syncNodes(farmUrl: string): SyncFunction<RenderNode> {
  return async (batch, { signal }) => {
    const request: NodeStatusRequest = {
      nodes: batch.map(({ id, validator }) =>
        typeof validator === 'number' ? { id, version: validator } : { id },
      ),
    }
    const response = await fetch(`${farmUrl}/api/nodes/status`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal,
    })
    if (!response.ok) throw new StatusError(response)
    const { answers } = await readBody<NodeStatusResponse>(response)
    return answers.map(toSyncResponse)
  }
}

function toSyncResponse(answer: NodeStatusAnswer): SyncResponse<RenderNode> {
  const { id } = answer
  if (answer.status === 'gone') return { id, action: 'delete' }
  if (answer.status === 'unchanged') return { id, action: 'unchanged', validator: answer.version }
  return { id, item: answer.node, validator: answer.version }
}
