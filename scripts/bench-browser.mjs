// `npm run bench:browser`: the bench in browsers, which are installed where they are missing.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { ensureBrowsers } from './browsers.mjs'
import { root } from './setup.mjs'

const { chromium, firefox } = ensureBrowsers()
const { status } = spawnSync(
  process.execPath,
  [path.join(root, 'bench', 'dist', 'browser.js'), ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, E2E_CHROMIUM: chromium ?? '', E2E_FIREFOX: firefox ?? '' } },
)
process.exitCode = status ?? 1
