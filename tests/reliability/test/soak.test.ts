import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { growthOf } from '../src/soak/growth.ts'

const program = fileURLToPath(new URL('../src/soak/main.ts', import.meta.url))

/** Runs a soak in a process of its own, so that nothing else is on its heap. */
function soak(...args: readonly string[]): Promise<{ readonly code: unknown; readonly told: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', program, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, told: stdout + stderr })
    })
  })
}

describe.concurrent('items that come and go', () => {
  it.each([
    // What V8 itself gathers in the first minute is about a hundredth of Node's heap, and more of Chromium's, which is a third as
    // large: within 1 % is what ten minutes are. A leak of one entry of a map for each item would be a tenth.
    ['Node', ['--within', '3']],
    ['Chromium', ['--browser', '--within', '5']],
  ])(
    'O6: in %s, half a minute of them leaves the heap flat, and nothing of them',
    async (_, args) => {
      const { code, told } = await soak('--seconds', '30', ...args)
      expect(`${String(code)} ${told}`).toMatch(/^0 /)
      // Enough items that a few bytes of each would be seen.
      const [, turned = ''] = /turned over\s+([\d,]+)/.exec(told) ?? []
      expect(Number(turned.replaceAll(',', ''))).toBeGreaterThan(10_000)
    },
    300_000,
  )

  it('a leak of one small object each is seen', async () => {
    const { code, told } = await soak('--seconds', '8', '--leak')
    expect(code).toBe(1)
    expect(told).toContain('NOT FLAT')
    expect(told).not.toContain(' 0 references held')
  })
})

describe('growth', () => {
  const at = (bytes: (second: number) => number) =>
    Array.from({ length: 20 }, (_, second) => ({ at: second, bytes: bytes(second) }))

  it('is a share of the heap', () => {
    expect(growthOf(at((second) => 1000 + 10 * second)).share).toBeCloseTo(190 / 1095)
    expect(growthOf(at(() => 1000)).share).toBe(0)
  })

  it('is not changed by a single odd sample, wherever it is', () => {
    for (let odd = 0; odd < 20; odd++) {
      expect(growthOf(at((second) => (second === odd ? 9000 : 1000 + second))).share).toBeCloseTo(0.019, 2)
    }
  })
})
