/** µs of CPU that this process has used so far, garbage collection included. */
export function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

interface Effort {
  /** CPU ms after which the steps are enough to be told from noise. */
  readonly milliseconds: number
  /** Minimum number of steps. Default 1. */
  readonly least?: number
  /** Maximum number of steps. */
  readonly most?: number
}

/** Repeats a step. Looks at the clock ever more rarely, because reading the CPU time costs as much as refreshing a batch. */
export async function spend(
  { least = 1, most = Infinity, milliseconds }: Effort,
  step: () => Promise<void> | void,
): Promise<{ readonly microseconds: number; readonly steps: number }> {
  const before = cpuMicroseconds()
  let steps = 0
  for (let pause = least; ; pause = Math.min(Math.ceil(steps / 4), most - steps)) {
    for (const end = steps + pause; steps < end; steps++) await step()
    const microseconds = cpuMicroseconds() - before
    if (steps >= most || microseconds >= milliseconds * 1000) return { microseconds, steps }
  }
}
