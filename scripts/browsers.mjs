// The browsers of the end-to-end suite. Debian's own, where this is Debian: installed if they are missing and this is root.
// Elsewhere, Playwright's download. `node scripts/browsers.mjs` does that and says what it found.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What apt-get installs, and where Debian puts what is needed of it. An environment variable goes before that. */
const DEBIAN = {
  chromium: { packages: ['chromium'], variable: 'E2E_CHROMIUM', files: ['/usr/bin/chromium'] },
  firefox: { packages: ['firefox-esr'], variable: 'E2E_FIREFOX', files: ['/usr/bin/firefox-esr'] },
  webkitDriver: {
    packages: ['webkit2gtk-driver', 'xvfb', 'xauth'],
    variable: 'E2E_WEBKIT_DRIVER',
    files: ['/usr/bin/WebKitWebDriver'],
  },
  webkit: {
    packages: ['webkit2gtk-driver'],
    variable: 'E2E_WEBKIT',
    files: [
      '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
      '/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
    ],
  },
  xvfb: { packages: ['xvfb', 'xauth'], variable: 'E2E_XVFB_RUN', files: ['/usr/bin/xvfb-run'] },
}

/**
 * Where the system's browsers are, and what drives WebKit. What is undefined is not there: Playwright's own serves.
 *
 * @typedef {{
 *   chromium: string | undefined,
 *   firefox: string | undefined,
 *   webkit: string | undefined,
 *   webkitDriver: string | undefined,
 *   xvfb: string | undefined,
 * }} SystemBrowsers
 * @returns {SystemBrowsers}
 */
export function findBrowsers() {
  return {
    chromium: find(DEBIAN.chromium),
    firefox: find(DEBIAN.firefox),
    webkit: find(DEBIAN.webkit),
    webkitDriver: find(DEBIAN.webkitDriver),
    xvfb: find(DEBIAN.xvfb),
  }
}

/** Installs what is missing. Throws where that can't be done.
 *
 * @returns {SystemBrowsers} */
export function ensureBrowsers() {
  const missing = Object.values(DEBIAN).filter((part) => find(part) === undefined)
  if (missing.length === 0) return findBrowsers()
  const packages = [...new Set(missing.flatMap((part) => part.packages))]
  if (!isDebian()) {
    run('npx', ['playwright', 'install', 'chromium', 'firefox', 'webkit'], path.join(root, 'e2e'))
  } else if (process.getuid?.() === 0) {
    run('apt-get', ['update'])
    run('apt-get', ['install', '-y', '--no-install-recommends', ...packages])
  } else {
    throw new Error(`The browsers are missing. As root: apt-get install ${packages.join(' ')}`)
  }
  return findBrowsers()
}

function find({ variable, files }) {
  return process.env[variable] ?? files.find((file) => existsSync(file))
}

function isDebian() {
  return existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')
}

function run(command, args, cwd = root) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status } = spawnSync(command, args, {
    cwd,
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(ensureBrowsers())
