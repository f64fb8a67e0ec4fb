import { eventually } from '@auto-refresh/browsers'

/** A page of Playwright's or Puppeteer's. */
export interface PageLike {
  evaluate(expression: string): Promise<unknown>
}

export interface Told {
  readonly role: string
  readonly members: number
  readonly value: number | undefined
  /** When it took its role, by the wall clock. */
  readonly roleSince: number
  /** When the last page was left that was left, by the same clock. */
  readonly leftAt: number
  /** Time (ms) and messages that it took until it had a value. */
  readonly first: { readonly after: number; readonly sent: number } | undefined
  readonly returns: number
  readonly seen: number
  readonly syncCalls: number
  readonly alone: string | undefined
}

export async function told(page: PageLike): Promise<Told> {
  return (await page.evaluate('window.told()')) as Told
}

/** Waits until the page has the role and a value. */
export function becomes(page: PageLike, role: string, within = 20_000): Promise<Told> {
  return eventually(
    async () => {
      const now = await told(page)
      return now.role === role && now.value !== undefined ? now : undefined
    },
    { within, awaited: `the role ${role}` },
  )
}
