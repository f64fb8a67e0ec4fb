/** µs of CPU that this process has used so far, garbage collection included. */
export function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

interface Effort {
  /** CPU ms after which it is enough: what can be told from noise. */
  readonly milliseconds: number
  /** Steps that must be done, however long they take. Default 1. */
  readonly least?: number
  /** Steps after which it is enough, however short they are. */
  readonly most?: number
}

/** Repeats a step. */
export async function spend(
  { least = 1, most = Infinity, milliseconds }: Effort,
  step: () => Promise<void> | void,
): Promise<{ readonly microseconds: number; readonly steps: number }> {
  const before = cpuMicroseconds()
  for (let steps = 1; ; steps++) {
    await step()
    const microseconds = cpuMicroseconds() - before
    if (steps >= least && (steps >= most || microseconds >= milliseconds * 1000))
      return { microseconds, steps }
  }
}
