import type { Scene } from '../api.ts'
import { iterate, smoothEscapeTime, type Orbit } from './escape-time.ts'
import { INSIDE, makePalette, type Palette } from './palette.ts'

/** Offsets of a pixel's samples on each axis, in pixels from its centre. */
const SAMPLE_OFFSETS: readonly number[] = [-0.25, 0.25]
const SAMPLES = SAMPLE_OFFSETS.length ** 2

const PALETTE_LENGTH = 1024
/** Colours of the palette for each doubling of the escape time. */
const COLOURS_PER_OCTAVE = 210

export interface RenderOptions {
  /** Iterations that the whole picture may take. */
  readonly iterationBudget: number
  /** Called after each row. */
  readonly onRow: (rowsDone: number) => void
}

/** The scene needs more iterations than a job may use. */
export class BudgetExceededError extends Error {
  override readonly name = 'BudgetExceededError'
}

/** Renders a scene row by row to 8-bit RGB. @throws {BudgetExceededError} */
export function renderScene(scene: Scene, { iterationBudget, onRow }: RenderOptions): Uint8Array {
  const { width, height } = scene
  const palette = makePalette(PALETTE_LENGTH)
  const pixels = new Uint8Array(width * height * 3)
  const orbit: Orbit = { iterations: 0, magnitudeSquared: 0 }
  const colour = new Uint16Array(3)
  let iterationsLeft = iterationBudget

  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      colour.fill(0)
      for (const offsetY of SAMPLE_OFFSETS) {
        for (const offsetX of SAMPLE_OFFSETS) {
          followOrbit(orbit, scene, x + offsetX, y + offsetY)
          iterationsLeft -= orbit.iterations
          addColour(colour, palette, smoothEscapeTime(orbit))
        }
      }
      for (let channel = 0; channel < 3; channel++) {
        pixels[(y * width + x) * 3 + channel] = (colour[channel] ?? 0) / SAMPLES
      }
    }
    if (iterationsLeft < 0) throw budgetExceeded(scene, y + 1, iterationBudget)
    onRow(y + 1)
  }
  return pixels
}

/** Distances are measured from the picture's middle, so that a symmetric scene is symmetric to the last bit. */
function followOrbit(orbit: Orbit, scene: Scene, x: number, y: number): void {
  const pixel = scene.span / scene.width
  const re = scene.center.re + (x - (scene.width - 1) / 2) * pixel
  const im = scene.center.im + ((scene.height - 1) / 2 - y) * pixel
  if (scene.kind === 'mandelbrot') iterate(orbit, 0, 0, re, im, scene.maxIterations)
  else iterate(orbit, re, im, scene.constant.re, scene.constant.im, scene.maxIterations)
}

function addColour(sum: Uint16Array, palette: Palette, escapeTime: number): void {
  const inside = escapeTime === Infinity
  // The logarithm keeps deep zooms, whose escape times are in the hundreds, from looking like noise.
  const index = inside ? 0 : Math.floor(Math.log2(Math.max(escapeTime, 1)) * COLOURS_PER_OCTAVE)
  for (const channel of [0, 1, 2] as const) {
    const value = inside ? INSIDE[channel] : palette[(index % PALETTE_LENGTH) * 3 + channel]
    sum[channel] = (sum[channel] ?? 0) + (value ?? 0)
  }
}

function budgetExceeded(scene: Scene, row: number, budget: number): BudgetExceededError {
  const millions = Math.round(budget / 1e6).toLocaleString('en')
  return new BudgetExceededError(
    `Row ${row} of ${scene.height} used up the job's budget of ${millions} million iterations. ` +
      'Ask for a smaller picture, or for fewer iterations.',
  )
}
