import type { Environment } from '@auto-refresh/core'
import type { Simulation } from './simulation.ts'

/** Returns the environment, hidden and offline also while the simulation says so. */
export function simulatedEnvironment(real: Environment, simulation: Simulation): Environment {
  const isVisible = (): boolean => !simulation.faults.hidden && real.isVisible()
  const isOnline = (): boolean => !simulation.faults.offline && real.isOnline()
  return {
    isVisible,
    isOnline,
    subscribe(listener) {
      let told = `${isVisible()} ${isOnline()}`
      const leave = [
        real.subscribe(() => {
          told = `${isVisible()} ${isOnline()}`
          listener()
        }),
        // Tells of these two alone, because a cache takes any word of its environment for a return (T8).
        simulation.subscribe(() => {
          const now = `${isVisible()} ${isOnline()}`
          if (now === told) return
          told = now
          listener()
        }),
      ]
      return () => {
        for (const leaveOne of leave.splice(0)) leaveOne()
      }
    },
  }
}
