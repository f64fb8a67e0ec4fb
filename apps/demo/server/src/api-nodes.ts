/** The part of the API about the fleet: render nodes, many more than a page can show at once. */

export type NodeState = 'idle' | 'busy' | 'hot' | 'down'

export interface RenderNode {
  readonly id: string
  readonly state: NodeState
  /** Load in per cent. */
  readonly load: number
  /** Temperature in degrees Celsius. */
  readonly temperature: number
  /** Frames that it has rendered. */
  readonly frames: number
}

/** A node, and the number of its changes. */
export interface VersionedNode {
  readonly node: RenderNode
  readonly version: number
}

/** `GET /api/nodes`: the whole fleet, in the order of its ids. */
export interface NodeList {
  readonly nodes: readonly VersionedNode[]
}

/** `POST /api/nodes/status`: ids of nodes, and the version of each that the caller has. */
export interface NodeStatusRequest {
  readonly nodes: readonly { readonly id: string; readonly version?: number | undefined }[]
}

export type NodeStatusAnswer =
  | ({ readonly id: string; readonly status: 'changed' } & VersionedNode)
  | { readonly id: string; readonly status: 'unchanged'; readonly version: number }
  | { readonly id: string; readonly status: 'gone' }

/** One answer per id, in the order of the request. */
export interface NodeStatusResponse {
  readonly answers: readonly NodeStatusAnswer[]
}

/** Counts of the requests to the fleet. */
export interface NodeTraffic {
  readonly requests: number
  readonly ids: number
  readonly changed: number
  readonly unchanged: number
}
