import { inPage, type Tab } from './tab.ts'

/** What a visitor sees at once, without looking at single jobs. */
export class FirstSight {
  readonly #tab: Tab

  constructor(tab: Tab) {
    this.#tab = tab
  }

  /** The text that somebody sees at the first of these elements; '' if nobody does. */
  text(selector: string): Promise<string> {
    return inPage(
      this.#tab,
      (wanted) => {
        const element = document.querySelector<HTMLElement>(wanted)
        // What is hidden has the text of its nodes.
        return element?.checkVisibility() === true ? element.innerText.trim() : ''
      },
      selector,
    )
  }

  /** The two large numbers: requests per second by the cache, and by one timer per job. */
  async rates(): Promise<readonly [byCache: number, byTimers: number]> {
    return [
      Number(await this.text('.rate-of-cache strong')),
      Number(await this.text('.rate-of-timers strong')),
    ]
  }

  /** Where the page's parts begin, in pixels from its top, by their selectors. */
  tops(...selectors: readonly string[]): Promise<number[]> {
    return inPage(
      this.#tab,
      (wanted) =>
        wanted.map((selector) => document.querySelector(selector)?.getBoundingClientRect().top ?? NaN),
      selectors,
    )
  }

  /** What the developer tools show; '' before they are opened. */
  devtoolsText(): Promise<string> {
    return inPage(
      this.#tab,
      () => document.querySelector('auto-refresh-devtools')?.shadowRoot?.textContent ?? '',
      undefined,
    )
  }
}
