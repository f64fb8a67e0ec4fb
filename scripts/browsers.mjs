// The browsers of the end-to-end suite, installed where they are missing: by apt-get, where it is there and may be used, what
// the system has as a package; the rest by Playwright's own download. `node scripts/browsers.mjs` does that and says what
// it found.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * What apt-get installs, and where it puts what is needed of it. An environment variable goes before that. Ubuntu's
 * packages of these names are snaps or nothing where there is a `download` instead.
 */
const PARTS = {
  chromium: {
    packages: ['chromium'],
    download: 'chromium',
    variable: 'E2E_CHROMIUM',
    files: ['/usr/bin/chromium'],
  },
  firefox: {
    packages: ['firefox-esr'],
    download: 'firefox',
    variable: 'E2E_FIREFOX',
    files: ['/usr/bin/firefox-esr'],
  },
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
    chromium: find(PARTS.chromium),
    firefox: find(PARTS.firefox),
    webkit: find(PARTS.webkit),
    webkitDriver: find(PARTS.webkitDriver),
    xvfb: find(PARTS.xvfb),
  }
}

/** Whether there is all that drives WebKit: elsewhere than on Linux there is not.
 *
 * @returns {boolean} */
export function hasWebKit() {
  const { webkit, webkitDriver, xvfb } = findBrowsers()
  return webkit !== undefined && webkitDriver !== undefined && xvfb !== undefined
}

/** Installs what is missing, as far as that can be done here. Throws where it should have worked.
 *
 * @returns {SystemBrowsers} */
export function ensureBrowsers() {
  const missing = Object.values(PARTS).filter((part) => find(part) === undefined)
  const apt = missing.length === 0 ? undefined : aptGet()
  const isPackage = (part) => apt !== undefined && (part.download === undefined || isDebian())
  const packages = [...new Set(missing.filter(isPackage).flatMap((part) => part.packages))]
  if (apt !== undefined && packages.length > 0) {
    run(...apt, 'update')
    run(...apt, 'install', '-y', '--no-install-recommends', ...packages)
  }
  const downloads = missing.flatMap((part) =>
    part.download === undefined || isPackage(part) ? [] : [part.download],
  )
  if (downloads.length > 0) {
    // The libraries that they need, too, where those can be installed.
    const options = apt === undefined ? [] : ['--with-deps']
    run(path.join(root, 'node_modules', '.bin', 'playwright'), 'install', ...options, ...downloads)
  }
  if (!hasWebKit())
    console.warn('WebKit is not tested: there is no WebKitWebDriver here, or no display for it.')
  return findBrowsers()
}

function find({ variable, files }) {
  return process.env[variable] ?? files.find((file) => existsSync(file))
}

/** How apt-get is called by who may: root, or who may become root without being asked for a password. */
function aptGet() {
  if (!existsSync('/usr/bin/apt-get')) return undefined
  if (process.getuid?.() === 0) return ['apt-get']
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n', 'apt-get'] : undefined
}

function isDebian() {
  try {
    return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

function run(command, ...args) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(ensureBrowsers())
