import { VirtualTime } from '../src/world/virtual-time.ts'

/** Counts what a cache does with its clock. */
export class CountingTime extends VirtualTime {
  /** The promises that one `next` creates: itself, `settle`, and the two for which that waits. */
  static readonly PROMISES_A_WAKE_UP = 4
  timersArmed = 0
  clockReads = 0
  wakeUps = 0

  override now(): number {
    this.clockReads += 1
    return super.now()
  }

  override setTimeout(callback: () => void, delay?: number): ReturnType<VirtualTime['setTimeout']> {
    this.timersArmed += 1
    return super.setTimeout(callback, delay)
  }

  override next(): Promise<void> {
    this.wakeUps += 1
    return super.next()
  }
}
