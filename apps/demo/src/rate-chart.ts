import type { SecondOfCalls } from './call-rate.ts'

const SVG = 'http://www.w3.org/2000/svg'
const BAR = { width: 4, gap: 1 }
const HEIGHT = 56
/** Calls a second that the chart has room for, in steps: bars that grow with every new one would tell nothing. */
const SCALES: readonly number[] = [10, 25, 50, 75, 100, 150, 200, 300, 500]
/** Beside sixty requests, one would not be seen. */
const LEAST_HEIGHT = 2

interface Bar {
  readonly timers: SVGRectElement
  readonly calls: SVGRectElement
  readonly failed: SVGRectElement
}

/** Bars, one a second: those of the cache before those of one timer a job; their lower part is what failed. */
export class RateChart {
  readonly #svg: SVGSVGElement
  readonly #bars: readonly Bar[]

  constructor(svg: SVGSVGElement, seconds: number) {
    this.#svg = svg
    const step = BAR.width + BAR.gap
    svg.setAttribute('viewBox', `0 0 ${seconds * step - BAR.gap} ${HEIGHT}`)
    svg.setAttribute('preserveAspectRatio', 'none')
    this.#bars = Array.from({ length: seconds }, (_, index) => ({
      timers: this.#addRect(index * step, 'chart-timers'),
      calls: this.#addRect(index * step, 'chart-calls'),
      failed: this.#addRect(index * step, 'chart-failed'),
    }))
  }

  /** Returns the calls a second that the chart has room for now. */
  show(cache: readonly SecondOfCalls[], timers: readonly SecondOfCalls[]): number {
    const most = Math.max(0, ...[...cache, ...timers].map(({ calls }) => calls))
    const scale = SCALES.find((step) => step >= most) ?? most
    const heightOf = (calls: number): number =>
      calls === 0 ? 0 : Math.max(LEAST_HEIGHT, (calls / scale) * HEIGHT)
    this.#bars.forEach((bar, index) => {
      const { calls = 0, failed = 0 } = cache[index] ?? {}
      setHeight(bar.timers, heightOf(timers[index]?.calls ?? 0))
      setHeight(bar.calls, heightOf(calls))
      setHeight(bar.failed, heightOf(Math.min(failed, calls)))
    })
    this.#svg.setAttribute('aria-label', describe(cache, sum(timers)))
    return scale
  }

  #addRect(x: number, className: string): SVGRectElement {
    const rect = document.createElementNS(SVG, 'rect')
    rect.setAttribute('x', String(x))
    rect.setAttribute('width', String(BAR.width))
    rect.setAttribute('class', className)
    this.#svg.append(rect)
    return rect
  }
}

function describe(cache: readonly SecondOfCalls[], byTimers: number): string {
  const failed = cache.reduce((total, second) => total + second.failed, 0)
  const text = `Status requests of the cache in the last ${cache.length} seconds: ${sum(cache)}, of which ${failed} failed`
  return byTimers === 0 ? text : `${text}; of one timer a job: ${byTimers}`
}

function sum(history: readonly SecondOfCalls[]): number {
  return history.reduce((total, { calls }) => total + calls, 0)
}

function setHeight(rect: SVGRectElement, height: number): void {
  rect.setAttribute('y', String(HEIGHT - height))
  rect.setAttribute('height', String(height))
}
