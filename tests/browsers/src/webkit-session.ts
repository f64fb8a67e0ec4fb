import { findBrowsers } from './find.ts'
import { property } from './property.ts'
import { WebKitDriver } from './webkit-driver.ts'

/**
 * Deadline for a browser to be ready, in milliseconds, and the number of attempts. On a busy machine about one start in
 * a few hundred hangs: the driver never answers if the browser ended before the driver reached it.
 */
const BROWSER_DEADLINE = 30_000
const BROWSER_ATTEMPTS = 3

/**
 * Starts a WebKit with its own driver, and hands both to `begin`. The session is the path of its commands.
 *
 * @throws AggregateError with the error of each attempt.
 */
export async function startWebKit<Begun>(
  begin: (driver: WebKitDriver, session: string) => Promise<Begun>,
): Promise<Begun> {
  const errors: unknown[] = []
  while (errors.length < BROWSER_ATTEMPTS) {
    try {
      const driver = await WebKitDriver.start()
      try {
        return await begin(driver, await createSession(driver))
      } catch (error) {
        await driver.stop()
        throw error
      }
    } catch (error) {
      errors.push(error)
    }
  }
  throw new AggregateError(
    errors,
    `WebKit did not start in ${BROWSER_ATTEMPTS} attempts: ${errors.join('; ')}`,
  )
}

async function createSession(driver: WebKitDriver): Promise<string> {
  const browserOptions = { binary: findBrowsers().webkit, args: ['--automation'] }
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': browserOptions } }
  const signal = AbortSignal.timeout(BROWSER_DEADLINE)
  const session = property(
    await driver.send('POST', '/session', { body: { capabilities }, signal }),
    'sessionId',
  )
  if (typeof session !== 'string') throw new Error('WebKit returned no session id')
  return `/session/${session}`
}
