import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** The folder of this workspace. */
export const BENCH = path.join(import.meta.dirname, '..')

export function describeMachine(): Record<string, string> {
  const [cpu] = os.cpus()
  return {
    processor: `${cpu?.model.trim() ?? 'unknown'}, ${os.cpus().length} cores`,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    system: `${os.type()} ${os.release()}, ${os.arch()}`,
    Node: process.versions.node,
    V8: process.versions.v8,
  }
}

/** Packages whose versions the report names. */
const PACKAGES = [
  '@tanstack/query-core',
  '@tanstack/react-query',
  '@tanstack/vue-query',
  'swr',
  '@reduxjs/toolkit',
  '@apollo/client',
  '@pinia/colada',
  '@pinia/colada-plugin-auto-refetch',
  '@yornaath/batshit',
  'react',
  'vue',
  'happy-dom',
]

/** Returns the versions in the lock file. */
export function describeVersions(): Record<string, string> {
  const dependencies = readFileSync(path.join(BENCH, 'package.json'), 'utf8')
  return Object.fromEntries(
    PACKAGES.map((name) => [name, new RegExp(`"${name}": "([^"]+)"`).exec(dependencies)?.[1] ?? 'unknown']),
  )
}

export function commitOf(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: BENCH, encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
