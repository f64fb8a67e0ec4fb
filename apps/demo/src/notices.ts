import { errorMessage } from './error-message.ts'
import { findElement } from './find-element.ts'

/** ms that a piece of news stays. */
const NEWS_SHOWN = 6000

/** Says what happened, to eyes and to screen readers. */
export class Notices {
  readonly #region: HTMLElement
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(root: ParentNode) {
    this.#region = findElement(root, '#notices', HTMLElement)
  }

  news(text: string): void {
    this.#show(text, 'news')
  }

  /** Something that the visitor asked for could not be done. */
  trouble(doing: string, error: unknown): void {
    this.#show(`${doing}: ${errorMessage(error)}`, 'trouble')
  }

  #show(text: string, kind: 'news' | 'trouble'): void {
    clearTimeout(this.#timer)
    this.#region.textContent = text
    this.#region.dataset['kind'] = kind
    this.#timer = setTimeout(() => {
      this.#region.textContent = ''
    }, NEWS_SHOWN)
  }
}
