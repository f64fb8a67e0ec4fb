import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const docs = fileURLToPath(new URL('../..', import.meta.url))

/** The folder of the built site. */
export const dist = path.join(docs, '.vitepress/dist')

/** Builds the site. @throws {Error} with the output if that fails, for example at a dead link */
export function setup(): void {
  // Vitest's NODE_ENV would make it a site for development.
  const env = { ...process.env, NODE_ENV: 'production' }
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'site'], { cwd: docs, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the site cannot be built\n${stdout}\n${stderr}`)
}
