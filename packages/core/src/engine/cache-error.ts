import { AutoRefreshError, type AutoRefreshErrorCode } from '../errors.ts'
import type { State } from './state.ts'

/** An error that names its cache. */
export function cacheError<Item>(
  { options }: State<Item>,
  code: AutoRefreshErrorCode,
  message: string,
): AutoRefreshError {
  return new AutoRefreshError(code, `${options.name}: ${message}`)
}
