import type { SecondOfCalls } from './call-rate.ts'

const SVG = 'http://www.w3.org/2000/svg'
const BAR = { width: 4, gap: 1 }
const HEIGHT = 56
/** Calls a second that the chart has room for at least: a single one must not fill it. */
const LEAST_SCALE = 4

interface Bar {
  readonly calls: SVGRectElement
  readonly failed: SVGRectElement
}

/** Bars, one a second; their lower part, in another colour, is what failed. */
export class RateChart {
  readonly #svg: SVGSVGElement
  readonly #bars: readonly Bar[]

  constructor(svg: SVGSVGElement, seconds: number) {
    this.#svg = svg
    const step = BAR.width + BAR.gap
    svg.setAttribute('viewBox', `0 0 ${seconds * step - BAR.gap} ${HEIGHT}`)
    svg.setAttribute('preserveAspectRatio', 'none')
    this.#bars = Array.from({ length: seconds }, (_, index) => ({
      calls: this.#addRect(index * step, 'chart-calls'),
      failed: this.#addRect(index * step, 'chart-failed'),
    }))
  }

  /** Returns the calls a second that the chart has room for now. */
  show(history: readonly SecondOfCalls[]): number {
    const scale = Math.max(LEAST_SCALE, ...history.map(({ calls }) => calls))
    history.forEach(({ calls, failed }, index) => {
      const bar = this.#bars[index]
      if (bar === undefined) return
      setHeight(bar.calls, (calls / scale) * HEIGHT)
      setHeight(bar.failed, (Math.min(failed, calls) / scale) * HEIGHT)
    })
    const total = history.reduce((sum, { calls }) => sum + calls, 0)
    const failed = history.reduce((sum, second) => sum + second.failed, 0)
    this.#svg.setAttribute(
      'aria-label',
      `Status requests in the last ${history.length} seconds: ${total}, of which ${failed} failed`,
    )
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

function setHeight(rect: SVGRectElement, height: number): void {
  rect.setAttribute('y', String(HEIGHT - height))
  rect.setAttribute('height', String(height))
}
