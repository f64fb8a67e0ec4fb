import type { Task } from './main-thread.ts'

/** A page in a real browser, whoever drives it. */
export interface Tab {
  goto(url: string): Promise<void>
  /** Clicks where a user would: the element is scrolled to, and hit in its middle. */
  click(selector: string): Promise<void>
  /** The value of a JavaScript expression in the page, as JSON. */
  evaluate(expression: string): Promise<unknown>
  /** A PNG. */
  screenshot(): Promise<Buffer>
  close(): Promise<void>
}

/** How much of a page a tab shows, and whether its user prefers it dark. */
export interface Look {
  readonly width: number
  readonly height: number
  readonly scheme: 'light' | 'dark'
}

/** A tab that looks as a test wants, has a keyboard, and whose network can be cut. */
export interface NetworkTab extends Tab {
  /** By its name: 'Enter', 'Shift+Tab'. */
  press(key: string): Promise<void>
  setOffline(isOffline: boolean): Promise<void>
}

/** A tab of a window in which something else can come to the front. */
export interface WindowTab extends Tab {
  hide(): Promise<void>
  show(): Promise<void>
}

/** A tab that can be frozen, that has a history, and whose tasks can be told. */
export interface ChromiumTab extends WindowTab {
  freeze(): Promise<void>
  resume(): Promise<void>
  goBack(): Promise<void>
  /** What the main thread does in the next so many ms. */
  tasksWithin(ms: number): Promise<Task[]>
}

type Json = undefined | null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Runs a function in the page. It sees nothing but its argument and the page. */
export async function inPage<Argument, Result>(
  tab: Tab,
  run: (argument: Argument) => Result | PromiseLike<Result>,
  argument: Argument & Json,
): Promise<Result> {
  // As text: a driver takes a hundred cards' worth of objects apart, one field after the other, in the browser.
  const text = await tab.evaluate(
    `Promise.resolve((${run.toString()})(${JSON.stringify(argument)})).then((result) => JSON.stringify(result) ?? '')`,
  )
  const result: unknown = text === '' ? undefined : JSON.parse(String(text))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is the function's own result
  return result as Result
}
