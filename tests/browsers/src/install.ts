import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { aptGet, installPackages, run } from './apt.ts'
import { BROWSERS, find, hasWebKit, PARTS, type BrowserName, type Part } from './find.ts'

/**
 * Installs the missing browsers: the distribution's packages if `apt-get` may be used, otherwise Playwright's own
 * downloads. Ubuntu's packages of Chromium and Firefox are snaps, so Playwright's downloads replace them there.
 *
 * @throws Error if an installation fails.
 */
export function ensureBrowsers(names: readonly BrowserName[] = BROWSERS): void {
  const parts: readonly Part[] = Object.values(PARTS)
  const missing = parts.filter((part) => names.includes(part.browser) && find(part) === undefined)
  if (missing.length > 0) install(missing)
  if (names.includes('webkit') && !hasWebKit()) {
    process.stderr.write('WebKit is not tested: this machine has no WebKitWebDriver, or no display for it.\n')
  }
}

function install(missing: readonly Part[]): void {
  const apt = aptGet()
  const isPackage = ({ download }: Part): boolean =>
    apt !== undefined && (download === undefined || isDebian())
  const packages = [...new Set(missing.filter(isPackage).flatMap((part) => part.packages))]
  if (apt !== undefined && packages.length > 0) installPackages(apt, packages)
  const downloads = missing.flatMap((part) =>
    part.download === undefined || isPackage(part) ? [] : [part.download],
  )
  if (downloads.length === 0) return
  process.stderr.write(`Downloading ${downloads.join(', ')} …\n`)
  const playwright = path.join(
    path.dirname(createRequire(import.meta.url).resolve('playwright/package.json')),
    'cli.js',
  )
  // With apt-get, Playwright also installs the libraries that the browsers need.
  const options = apt === undefined ? [] : ['--with-deps']
  run([process.execPath, playwright, 'install', ...options, ...downloads])
}

function isDebian(): boolean {
  try {
    return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}
