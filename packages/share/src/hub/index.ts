/** One server pushes to its clients: the server's side. */
export { Hub, type HubStats } from './hub.ts'
export type { HubLimits, HubOptions, Principal } from './options.ts'
