import type { NodeState, RenderNode } from '../api-nodes.ts'

/** Temperature in degrees of a node without load, and the difference that full load makes. */
const COOL = 32
const WARMING = 55
/** Load in per cent from which a node is hot. */
const HOT = 90
/** Largest change of a load, in per cent. */
const STEP = 30
/** One of this number of changes takes a node down. */
const FALLS = 60

export function newNode(id: string, random: () => number): RenderNode {
  const load = Math.floor(random() * HOT)
  return { id, ...condition(load), frames: Math.floor(random() * 5000) }
}

/** Returns the node's next state, which always differs from this one. */
export function changeNode(node: RenderNode, random: () => number): RenderNode {
  if (node.state !== 'down' && random() < 1 / FALLS) {
    return { ...node, state: 'down', load: 0, temperature: COOL }
  }
  const step = Math.round((random() * 2 - 1) * STEP)
  const load = Math.min(100, Math.max(0, node.load + step))
  return { ...node, ...condition(load), frames: node.frames + 1 }
}

function condition(load: number): Pick<RenderNode, 'state' | 'load' | 'temperature'> {
  return { state: stateOf(load), load, temperature: Math.round(COOL + (load / 100) * WARMING) }
}

function stateOf(load: number): NodeState {
  if (load >= HOT) return 'hot'
  return load < 5 ? 'idle' : 'busy'
}
