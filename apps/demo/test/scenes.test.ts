import { LIMITS, type Scene } from '@auto-refresh/demo-server/api'
import { expect, it } from 'vitest'
import { describeScene, randomScene, type SceneChoice } from '../src/scenes.ts'

const CHOICES: readonly SceneChoice[] = ['mix', 'mandelbrot', 'julia', 'too-costly']

function coordinates(scene: Scene): number[] {
  const { re, im } = scene.center
  return scene.kind === 'julia' ? [re, im, scene.constant.re, scene.constant.im] : [re, im]
}

it.each(CHOICES)('%s: makes scenes within the limits of the farm', (choice) => {
  for (let index = 0; index < 500; index++) {
    const scene = randomScene(choice, Math.random)
    for (const size of [scene.width, scene.height]) {
      expect(size).toBeGreaterThanOrEqual(LIMITS.minSize)
      expect(size).toBeLessThanOrEqual(LIMITS.maxSize)
    }
    for (const coordinate of coordinates(scene)) {
      expect(Math.abs(coordinate)).toBeLessThanOrEqual(LIMITS.maxCoordinate)
    }
    expect(scene.span).toBeGreaterThanOrEqual(LIMITS.minSpan)
    expect(scene.span).toBeLessThanOrEqual(LIMITS.maxSpan)
    expect(scene.maxIterations).toBeLessThanOrEqual(LIMITS.maxIterations)
  }
})

it('makes the kind that was chosen, and both for a mix', () => {
  const kinds = (choice: SceneChoice): Set<string> =>
    new Set(Array.from({ length: 200 }, () => randomScene(choice, Math.random).kind))
  expect(kinds('mandelbrot')).toEqual(new Set(['mandelbrot']))
  expect(kinds('julia')).toEqual(new Set(['julia']))
  expect(kinds('mix')).toEqual(new Set(['mandelbrot', 'julia']))
})

it('describes a scene', () => {
  const frame = { width: 480, height: 320, maxIterations: 100 }
  expect(
    describeScene({ kind: 'mandelbrot', center: { re: -0.7453, im: 0.1127 }, span: 0.0004, ...frame }),
  ).toEqual({ title: 'Mandelbrot set', place: '−0.7453 + 0.1127i, ×10,000' })
  const julia = { constant: { re: 0.3, im: -0.5 }, center: { re: 0, im: 0 }, span: 3 }
  expect(describeScene({ kind: 'julia', ...julia, ...frame })).toEqual({
    title: 'Julia set',
    place: 'c = 0.3000 − 0.5000i',
  })
})
