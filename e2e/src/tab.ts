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

/** A tab whose network can be cut, as far as its browser is concerned. */
export interface NetworkTab extends Tab {
  setOffline(isOffline: boolean): Promise<void>
}

/** A tab of a window in which something else can come to the front. */
export interface WindowTab extends Tab {
  hide(): Promise<void>
  show(): Promise<void>
}

/** A tab that can be frozen, and that has a history. */
export interface ChromiumTab extends WindowTab {
  freeze(): Promise<void>
  resume(): Promise<void>
  goBack(): Promise<void>
}

type Json = undefined | null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Runs a function in the page. It sees nothing but its argument and the page. */
export async function inPage<Argument, Result>(
  tab: Tab,
  run: (argument: Argument) => Result,
  argument: Argument & Json,
): Promise<Result> {
  const result = await tab.evaluate(`(${run.toString()})(${JSON.stringify(argument)})`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is the function's own result
  return result as Result
}
