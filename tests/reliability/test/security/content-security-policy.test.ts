import { expect, it } from 'vitest'
import { bundlePage } from '../../src/browser/bundle-page.ts'
import { launchChromium } from '@auto-refresh/browsers'
import { servePage } from '../../src/browser/serve-page.ts'
import { type PolicyReport } from './policy-report.ts'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

it('core and hooks work under a policy without eval, inline scripts and untrusted sinks', async () => {
  const script = await bundlePage(new URL('policy-page.tsx', import.meta.url))
  await using served = await servePage(script, { 'content-security-policy': POLICY })
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(served.url)
    // Evaluated by the protocol, which no policy affects.
    const report = await page.waitForFunction(() => globalThis.policyReport, undefined, { timeout: 90_000 })
    const expected: PolicyReport = {
      shown: 'step 5',
      steps: 6,
      violations: [],
      evilViolations: ['require-trusted-types-for trusted-types-sink'],
    }
    expect(await report.jsonValue()).toEqual(expected)
    expect(complaints).toEqual([])
  } finally {
    await browser.close()
  }
})
