import { setAttribute } from './dom.ts'

const SVG = 'http://www.w3.org/2000/svg'

/** Filled shapes on 16 × 16: what is told by a colour is told by the shape as well. */
const SHAPES = {
  active: 'M8 4a4 4 0 1 1 0 8a4 4 0 0 1 0-8z',
  refreshing:
    'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zm0 1.5a5 5 0 1 0 0 10a5 5 0 0 0 0-10zm0 2.2a2.8 2.8 0 1 1 0 5.6a2.8 2.8 0 0 1 0-5.6z',
  pending: 'M8 3a5 5 0 1 1 0 10a5 5 0 0 1 0-10zm0 1.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7z',
  terminal: 'M8 2a6 6 0 1 1 0 12a6 6 0 0 1 0-12zm2.4 3.4L7.1 8.7 5.6 7.2l-1 1 2.5 2.5 4.3-4.3z',
  failing: 'M8 1.6 15.2 14.2H.8zM7.25 6v4.2h1.5V6zm0 5.2v1.5h1.5v-1.5z',
  expired: 'M8 2a6 6 0 1 1 0 12a6 6 0 0 1 0-12zm0 1.5v9a4.5 4.5 0 0 0 0-9z',
  deleting: 'M4.4 3.3 8 6.9l3.6-3.6 1.1 1.1L9.1 8l3.6 3.6-1.1 1.1L8 9.1l-3.6 3.6-1.1-1.1L6.9 8 3.3 4.4z',
  stopped: 'M4.5 4.5h7v7h-7z',
  paused: 'M4.5 3.5H7v9H4.5zM9 3.5h2.5v9H9z',
  hidden: 'M9.6 2a6 6 0 1 0 4.4 8.9A5.2 5.2 0 0 1 9.6 2z',
  offline:
    'M8 2a6 6 0 1 1 0 12a6 6 0 0 1 0-12zm0 1.5a4.5 4.5 0 0 0-3.6 7.2l6.3-6.3A4.5 4.5 0 0 0 8 3.5zm3.6 1.8-6.3 6.3a4.5 4.5 0 0 0 6.3-6.3z',
  probe: 'M8 2.2 13.8 8 8 13.8 2.2 8z',
} as const

/** Lines on 16 × 16, for buttons. */
const LINES = {
  refresh: 'M13 8a5 5 0 1 1-1.6-3.7M13.2 2v3.2H10',
  pause: 'M6 3.5v9M10 3.5v9',
  resume: 'M5 3.2 12.2 8 5 12.8z',
  show: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  hide: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM3 13.5l10-11',
  close: 'M4 4l8 8M12 4l-8 8',
  clear: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.4 3.4',
} as const

export type Shape = keyof typeof SHAPES
export type Line = keyof typeof LINES

/** Makes an icon that says nothing to a screen reader: the words beside it do. */
export function icon(name: Shape | Line): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 16 16')
  svg.setAttribute('aria-hidden', 'true')
  svg.append(document.createElementNS(SVG, 'path'))
  setIcon(svg, name)
  return svg
}

/** Makes an icon another one. */
export function setIcon(svg: SVGSVGElement, name: Shape | Line): void {
  const path = svg.firstElementChild
  if (path === null) return
  const isShape = name in SHAPES
  setAttribute(svg, 'class', isShape ? `icon shape is-${name}` : 'icon line')
  setAttribute(path, 'd', { ...SHAPES, ...LINES }[name])
}
