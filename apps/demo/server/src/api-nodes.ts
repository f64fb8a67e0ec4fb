/** The part of the wire that is about the fleet: render nodes, many more than a page can show at once. */

export type NodeState = 'idle' | 'busy' | 'hot' | 'down'

export interface RenderNode {
  readonly id: string
  readonly state: NodeState
  /** Per cent of what the node can do. */
  readonly load: number
  /** Degrees Celsius. */
  readonly temperature: number
  /** Frames that it has rendered. */
  readonly frames: number
}

/** A node, and how often it has changed. */
export interface VersionedNode {
  readonly node: RenderNode
  readonly version: number
}

/** `GET /api/nodes`: the whole fleet, in the order of its ids. */
export interface NodeList {
  readonly nodes: readonly VersionedNode[]
}

/** `POST /api/nodes/status`: which nodes, and which version of each the caller has already. */
export interface NodeStatusRequest {
  readonly nodes: readonly { readonly id: string; readonly version?: number | undefined }[]
}

export type NodeStatusAnswer =
  | ({ readonly id: string; readonly status: 'changed' } & VersionedNode)
  | { readonly id: string; readonly status: 'unchanged'; readonly version: number }
  | { readonly id: string; readonly status: 'gone' }

/** One answer for each id asked, in the order asked. */
export interface NodeStatusResponse {
  readonly answers: readonly NodeStatusAnswer[]
}

/** What was asked of the fleet. */
export interface NodeTraffic {
  readonly requests: number
  readonly ids: number
  readonly changed: number
  readonly unchanged: number
}
