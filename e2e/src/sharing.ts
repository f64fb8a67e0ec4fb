import { FirstSight } from './first-sight.ts'
import { inPage, type Tab } from './tab.ts'

/** The page's own words about who asks the farm. */
export class Sharing {
  readonly #tab: Tab
  readonly #sight: FirstSight

  constructor(tab: Tab) {
    this.#tab = tab
    this.#sight = new FirstSight(tab)
  }

  role(): Promise<string> {
    return inPage(
      this.#tab,
      () => document.querySelector<HTMLElement>('#sharing')?.dataset['role'] ?? '',
      undefined,
    )
  }

  /** The role and the tabs of this browser, as they are seen. */
  badge(): Promise<string> {
    return this.#sight.text('[data-sharing="role"]')
  }

  who(): Promise<string> {
    return this.#sight.text('[data-sharing="who"]')
  }

  /** Requests that this tab sent, that all sent, and that ten pages would have sent. */
  async savings(): Promise<readonly [own: number, all: number, apart: number]> {
    const read = async (name: string): Promise<number> =>
      Number((await this.#sight.text(`[data-sharing="${name}"]`)).replaceAll(/\D/g, ''))
    return [await read('own'), await read('all'), await read('apart')]
  }
}
