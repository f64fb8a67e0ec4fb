/** Groups within one process, on a virtual clock: for tests. */
export { Bus, type BusOptions } from './bus.ts'
