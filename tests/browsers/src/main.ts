/** `node dist/main.js chromium firefox`: installs the named browsers, or all of them, if they are missing. */
import { BROWSERS, findBrowsers } from './find.ts'
import { ensureBrowsers } from './install.ts'

const names = process.argv.slice(2)
ensureBrowsers(names.length === 0 ? BROWSERS : BROWSERS.filter((name) => names.includes(name)))
process.stdout.write(`${JSON.stringify(findBrowsers(), undefined, 2)}\n`)
