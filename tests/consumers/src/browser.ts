import type { Browser } from '@playwright/test'
import { seeToTheEnd } from './shown.ts'

export interface Visit {
  /** The page as it came from the server. */
  readonly html: string
  /** Texts of the page's first `<output>`, in order. */
  readonly seen: readonly string[]
  /** Texts of the other `<output>`s when the first one shows the end. */
  readonly others: readonly string[]
  /** Errors and warnings in the browser's console. */
  readonly complaints: readonly string[]
}

/** Milliseconds that a busy machine may take to load a page. */
const DEADLINE = 120_000

/** Opens a page that shows a job, and waits for the job's end. */
export async function visit(browser: Browser, url: string): Promise<Visit> {
  const page = await browser.newPage()
  page.setDefaultTimeout(DEADLINE)
  try {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    const response = await page.goto(url)
    const html = (await response?.text()) ?? ''
    const output = page.locator('output')
    const shown = await seeToTheEnd(async () => (await output.first().textContent()) ?? '')
    const others = (await output.allTextContents()).slice(1)
    // A page may have an output before it has a job.
    return { html, seen: shown.filter((text) => text !== ''), others, complaints }
  } finally {
    await page.close()
  }
}
