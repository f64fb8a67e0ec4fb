import { describe, expect, it } from 'vitest'
import { iterate, smoothEscapeTime } from '../src/render/escape-time.ts'
import { INSIDE, makePalette } from '../src/render/palette.ts'
import { BudgetExceededError, renderScene } from '../src/render/render-scene.ts'
import { INSIDE_ONLY, OUTSIDE_ONLY, UNIT_DISC, WHOLE_SET } from './scenes.ts'

const options = { iterationBudget: Infinity, onRow: (): void => {} }

function colourAt(pixels: Uint8Array, width: number, x: number, y: number): number[] {
  const at = (y * width + x) * 3
  return [...pixels.subarray(at, at + 3)]
}

describe('iterate', () => {
  const orbit = { iterations: 0, magnitudeSquared: 0 }

  it('follows a point of the set to the limit', () => {
    iterate(orbit, 0, 0, -1, 0, 500)
    expect(orbit.iterations).toBe(500)
    expect(smoothEscapeTime(orbit)).toBe(Infinity)
  })

  it('counts the steps of a point that escapes', () => {
    // 0, 2, 6, 38
    iterate(orbit, 0, 0, 2, 0, 500)
    expect(orbit).toEqual({ iterations: 3, magnitudeSquared: 38 ** 2 })
  })

  it('has an escape time without steps', () => {
    const timeAt = (re: number): number => {
      iterate(orbit, 0, 0, re, 0, 500)
      return smoothEscapeTime(orbit)
    }
    for (let re = 0.5; re < 1.5; re += 0.001) {
      expect(Math.abs(timeAt(re) - timeAt(re + 0.001))).toBeLessThan(0.05)
    }
  })
})

describe('renderScene', () => {
  it('gives points that never escape the colour of the inside', () => {
    const pixels = renderScene(INSIDE_ONLY, options)
    expect(pixels).toHaveLength(64 * 48 * 3)
    expect(pixels.every((value, index) => value === INSIDE[index % 3])).toBe(true)
  })

  it('gives no point that escapes the colour of the inside', () => {
    const pixels = renderScene(OUTSIDE_ONLY, options)
    for (let y = 0; y < 48; y++) expect(colourAt(pixels, 64, y, y)).not.toEqual([...INSIDE])
  })

  it('draws the Julia set of 0 as the unit disc', () => {
    const pixels = renderScene(UNIT_DISC, options)
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 64; x++) {
        const distance = Math.hypot(x - 31.5, y - 31.5) * (4 / 64)
        // A pixel on the edge is neither.
        if (Math.abs(distance - 1) < 0.1) continue
        const inside = colourAt(pixels, 64, x, y).every((value, channel) => value === INSIDE[channel])
        expect(inside, `${x}, ${y}`).toBe(distance < 1)
      }
    }
  })

  it('draws the Mandelbrot set symmetric about the real axis, to the last bit', () => {
    const { width, height } = WHOLE_SET
    const pixels = renderScene(WHOLE_SET, options)
    const row = (y: number): Uint8Array => pixels.subarray(y * width * 3, (y + 1) * width * 3)
    for (let y = 0; y < height / 2; y++) expect(row(y)).toEqual(row(height - 1 - y))
    expect(new Set(pixels).size).toBeGreaterThan(50)
  })

  it('reports every row, in order', () => {
    const rows: number[] = []
    renderScene(WHOLE_SET, { ...options, onRow: (done) => rows.push(done) })
    expect(rows).toEqual(Array.from({ length: 48 }, (_, index) => index + 1))
  })

  it('stops at the row that uses up the budget', () => {
    const rows: number[] = []
    const perRow = 64 * 4 * 100
    const render = (iterationBudget: number): Uint8Array =>
      renderScene(INSIDE_ONLY, { iterationBudget, onRow: (done) => rows.push(done) })
    expect(() => render(perRow * 10)).toThrow(BudgetExceededError)
    expect(rows).toHaveLength(10)
    expect(() => render(perRow * 48)).not.toThrow()
  })
})

describe('makePalette', () => {
  it('can be repeated without an edge', () => {
    const palette = makePalette(1024)
    for (let index = 0; index < 1024; index++) {
      for (let channel = 0; channel < 3; channel++) {
        const here = palette[index * 3 + channel] ?? NaN
        const next = palette[((index + 1) % 1024) * 3 + channel] ?? NaN
        expect(Math.abs(next - here)).toBeLessThanOrEqual(3)
      }
    }
  })
})
