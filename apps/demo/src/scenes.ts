import type { Complex, Scene } from '@auto-refresh/demo-server/api'

/** The scenes that a visitor can choose. */
export type SceneChoice = 'mix' | 'mandelbrot' | 'julia' | 'too-costly'

const SIZE = { width: 480, height: 320 }

interface Place {
  readonly center: Complex
  readonly span: number
  readonly maxIterations: number
}

/** Places at the border of the Mandelbrot set, with iterations enough to show them. */
const PLACES: readonly Place[] = [
  { center: { re: -0.6, im: 0 }, span: 3.4, maxIterations: 1500 },
  { center: { re: -0.7453, im: 0.1127 }, span: 0.012, maxIterations: 3000 },
  { center: { re: 0.2925, im: 0.0149 }, span: 0.02, maxIterations: 3000 },
  { center: { re: -0.7436, im: 0.1318 }, span: 0.003, maxIterations: 6000 },
  { center: { re: -1.7687, im: 0.0017 }, span: 0.03, maxIterations: 1000 },
  { center: { re: -0.088, im: 0.654 }, span: 0.03, maxIterations: 2000 },
  { center: { re: 0.274, im: 0.482 }, span: 0.012, maxIterations: 4000 },
  { center: { re: -0.16, im: 1.0405 }, span: 0.03, maxIterations: 4000 },
  { center: { re: -1.2567, im: 0.38 }, span: 0.04, maxIterations: 3000 },
  { center: { re: -0.235125, im: 0.827215 }, span: 0.0004, maxIterations: 4000 },
]

/** Within a copy of the set, at the highest limit: far more iterations than the farm gives a job. */
const TOO_COSTLY: Scene = {
  kind: 'mandelbrot',
  center: { re: -1.7687, im: 0.0017 },
  span: 0.02,
  maxIterations: 20_000,
  ...SIZE,
}

/** One of so many scenes of the mix is too costly. */
const COSTLY_IN_MIX = 15

/** A scene of the kind chosen; what can be rendered is never the same twice. */
export function randomScene(choice: SceneChoice, random: () => number): Scene {
  if (choice === 'mandelbrot') return mandelbrot(random)
  if (choice === 'julia') return julia(random)
  if (choice === 'too-costly' || random() < 1 / COSTLY_IN_MIX) return TOO_COSTLY
  return random() < 0.5 ? mandelbrot(random) : julia(random)
}

function mandelbrot(random: () => number): Scene {
  const place = PLACES[Math.floor(random() * PLACES.length)] ?? TOO_COSTLY
  const { center, maxIterations } = place
  const span = place.span * 2 ** (random() * 1.5 - 1)
  const shift = (): number => (random() - 0.5) * span * 0.2
  return {
    kind: 'mandelbrot',
    center: { re: center.re + shift(), im: center.im + shift() },
    span,
    maxIterations,
    ...SIZE,
  }
}

/** Constants just outside of the Mandelbrot set's main cardioid have the finest Julia sets. */
function julia(random: () => number): Scene {
  const angle = random() * 2 * Math.PI
  const radius = 1.01 + random() * 0.06
  const re = radius * Math.cos(angle)
  const im = radius * Math.sin(angle)
  return {
    kind: 'julia',
    constant: { re: re / 2 - (re * re - im * im) / 4, im: im / 2 - (re * im) / 2 },
    center: { re: 0, im: 0 },
    span: 2.6 + random() * 0.6,
    maxIterations: 2000,
    ...SIZE,
  }
}

/** The name of a scene and its place: 'Mandelbrot set', '−0.7453 + 0.1127i, ×283'. */
export function describeScene(scene: Scene): { readonly title: string; readonly place: string } {
  if (scene.kind === 'julia') return { title: 'Julia set', place: `c = ${formatComplex(scene.constant)}` }
  const zoom = Math.max(1, Math.round(4 / scene.span))
  return { title: 'Mandelbrot set', place: `${formatComplex(scene.center)}, ×${zoom.toLocaleString('en')}` }
}

function formatComplex({ re, im }: Complex): string {
  const number = (value: number): string => Math.abs(value).toFixed(4)
  return `${re < 0 ? '−' : ''}${number(re)} ${im < 0 ? '−' : '+'} ${number(im)}i`
}
