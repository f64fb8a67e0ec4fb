import type { Target } from './inspected-caches.ts'
import { ItemIndex } from './items/item-index.ts'
import { epochOf } from './items/seam.ts'
import { Recorder } from './record/recorder.ts'

/** Facts about one cache while the panel looks at it. */
export class Inspection {
  readonly target: Target
  readonly recorder: Recorder
  readonly index: ItemIndex

  constructor(target: Target) {
    const { cache } = target
    this.target = target
    this.recorder = new Recorder(cache, () => epochOf(cache))
    this.index = new ItemIndex(cache, this.recorder, () => performance.now())
  }

  end(): void {
    this.recorder.stop()
  }
}
