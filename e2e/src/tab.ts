import type { Task } from '@auto-refresh/browsers'

/** A page in a real browser, driven by Playwright or Puppeteer. */
export interface Tab {
  goto(url: string): Promise<void>
  /** Scrolls to the element and clicks on its middle. */
  click(selector: string): Promise<void>
  /** Returns the value of a JavaScript expression in the page, as JSON. */
  evaluate(expression: string): Promise<unknown>
  /** A PNG. */
  screenshot(): Promise<Buffer>
  close(): Promise<void>
}

/** Size of a tab, and its user's preference for dark colours. */
export interface Look {
  readonly width: number
  readonly height: number
  readonly scheme: 'light' | 'dark'
}

/** A tab with the wanted size and colours, with a keyboard, whose network can be cut. */
export interface NetworkTab extends Tab {
  /** Presses a key by its name: 'Enter', 'Shift+Tab'. */
  press(key: string): Promise<void>
  setOffline(isOffline: boolean): Promise<void>
}

/** A tab of a window with other tabs. */
export interface WindowTab extends Tab {
  hide(): Promise<void>
  show(): Promise<void>
}

/** A tab that can be frozen, has a history, and reports its tasks. */
export interface ChromiumTab extends WindowTab {
  freeze(): Promise<void>
  resume(): Promise<void>
  goBack(): Promise<void>
  /** Returns the tasks of the main thread in the next `ms`. */
  tasksWithin(ms: number): Promise<Task[]>
}

type Json = undefined | null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Runs a function in the page. It can use only its argument and the page. */
export async function inPage<Argument, Result>(
  tab: Tab,
  run: (argument: Argument) => Result | PromiseLike<Result>,
  argument: Argument & Json,
): Promise<Result> {
  // As text, because a driver copies the objects of a hundred cards field by field.
  const text = await tab.evaluate(
    `Promise.resolve((${run.toString()})(${JSON.stringify(argument)})).then((result) => JSON.stringify(result) ?? '')`,
  )
  const result: unknown = text === '' ? undefined : JSON.parse(String(text))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is the function's own result
  return result as Result
}
