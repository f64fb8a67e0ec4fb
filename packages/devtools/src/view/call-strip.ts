import { formatCount } from '../format/numbers.ts'
import type { CallRecord } from '../record/call-record.ts'
import { h, setAttribute } from './dom.ts'
import { icon } from './icon.ts'

/** ms that the strip shows. */
const WINDOW = 60_000
/** px. */
const HEIGHT = 64
const BASE = 38
const TALLEST = 28
const DEEPEST = 18
const MOST_MARKS = 400
const SVG = 'http://www.w3.org/2000/svg'

/**
 * The calls of the last minute on a line, the newest at the right: a mark each, as wide as the call was long and as tall as
 * it had items. Failed calls hang below the line, so that none hides another of the same time. The table says it in words.
 */
export class CallStrip {
  readonly element: HTMLElement
  readonly #svg: SVGSVGElement = document.createElementNS(SVG, 'svg')
  readonly #axis: SVGPathElement = document.createElementNS(SVG, 'path')
  readonly #marks: SVGPathElement[] = []

  constructor() {
    setAttribute(this.#svg, 'class', 'strip')
    setAttribute(this.#svg, 'role', 'img')
    setAttribute(this.#svg, 'height', HEIGHT)
    setAttribute(this.#axis, 'class', 'axis')
    this.#svg.append(this.#axis)
    this.element = h('figure', { class: 'timeline' }, this.#svg, legend())
  }

  /** @param calls newest first @param now epoch ms */
  render(calls: readonly CallRecord[], now: number): void {
    const width = this.#svg.clientWidth
    if (width === 0) return
    const scale = width / WINDOW
    this.#drawAxis(width)
    let used = 0
    for (const record of calls) {
      const end = record.startedAt + (record.duration ?? now - record.startedAt)
      if (end < now - WINDOW || used >= MOST_MARKS) break
      const mark = this.#mark(used++)
      const long = Math.max(2, (end - record.startedAt) * scale)
      const left = Math.max(0, Math.min(width - long, width - (now - record.startedAt) * scale))
      setAttribute(mark, 'd', shapeOf(record, left, long))
      setAttribute(mark, 'class', `mark is-${record.outcome} by-${record.kind}`)
    }
    for (const unused of this.#marks.splice(used)) unused.remove()
    setAttribute(this.#svg, 'aria-label', `Timeline: ${formatCount(used, 'call')} in the last minute`)
  }

  #mark(index: number): SVGPathElement {
    const present = this.#marks[index]
    if (present !== undefined) return present
    const mark = document.createElementNS(SVG, 'path')
    this.#marks.push(mark)
    this.#svg.append(mark)
    return mark
  }

  /** A line, and a tick every ten seconds. */
  #drawAxis(width: number): void {
    const ticks = [0, 1, 2, 3, 4, 5, 6].map((ten) => `M${((width - 1) * ten) / 6 + 0.5} ${BASE - 2}v5`)
    setAttribute(this.#axis, 'd', `M0 ${BASE + 0.5}H${width}${ticks.join('')}`)
  }
}

/** A bar; on it a diamond for a probe and a dot if somebody asked for it; below the line, with a triangle, if it failed. */
function shapeOf({ size, outcome, kind }: CallRecord, left: number, long: number): string {
  const middle = left + long / 2
  const share = Math.min(1, 0.2 + 0.12 * Math.log2(Math.max(1, size)))
  if (outcome === 'failed') {
    const deep = DEEPEST * share
    const tip = BASE + 3 + deep
    return `M${left} ${BASE + 2}v${deep}h${long}v${-deep}zM${middle - 3.5} ${tip + 1}h7l-3.5 5z`
  }
  const tall = TALLEST * share
  const top = BASE - tall
  const bar = `M${left} ${BASE - 1}v${1 - tall}h${long}v${tall - 1}z`
  if (kind === 'probe') return `${bar}M${middle} ${top - 9}l3.5 3.5-3.5 3.5-3.5-3.5z`
  if (kind === 'asked') return `${bar}M${middle - 2.5} ${top - 5}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0z`
  return bar
}

function legend(): HTMLElement {
  const entry = (node: Node, text: string): HTMLElement => h('span', { class: 'legend-entry' }, node, text)
  return h(
    'figcaption',
    { class: 'legend' },
    h('span', {}, '1 min ago'),
    h(
      'span',
      { class: 'legend-kinds' },
      entry(h('span', { class: 'tick' }), 'clock'),
      entry(icon('active'), 'asked'),
      entry(h('span', { class: 'tick is-retry' }), 'retry'),
      entry(icon('probe'), 'probe'),
      entry(icon('failing'), 'failed'),
    ),
    h('span', {}, 'now'),
  )
}
