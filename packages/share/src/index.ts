/** Many caches, one poller: the parts that every transport shares. */
export { GroupError, type GroupOption, type SharedOptions } from './shared-options.ts'
export { SharedAutoRefresh } from './shared-auto-refresh.ts'
export type { SharedStats } from './shared-stats.ts'
export type { AloneReason } from './group/alone-reason.ts'
export type { Role } from './group/roles.ts'
export type { Connection, ConnectionEvents, GroupKey, Timing, Transport } from './group/transport.ts'
export type * from './protocol/message.ts'
export type { DropReason } from './protocol/read.ts'
