/** The processes of a fleet share one poller, by Valkey or Redis. */
export { GroupError, type GroupOption, type SharedOptions } from '../shared-options.ts'
export { SharedAutoRefresh } from '../shared-auto-refresh.ts'
export { fleet, type FleetOptions } from './fleet.ts'
export { redisStore } from './redis-store.ts'
export type { RedisClient, RedisCommands, RedisDuplicate, RedisStoreOptions } from './redis-store.ts'
export type { ChannelEvents, FleetStore } from './store.ts'
