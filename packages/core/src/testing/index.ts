export { VirtualClock } from './virtual-clock.ts'
export { VirtualEnvironment } from './virtual-environment.ts'
