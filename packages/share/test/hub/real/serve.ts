import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { DENO, RUNTIMES, type RuntimeName } from '../../../../../examples/test/runtimes.ts'

const COMMANDS: Readonly<Record<RuntimeName, readonly [string, ...string[]]>> = {
  node: [process.execPath],
  deno: [...DENO, 'run', '--no-lock', '--allow-all'],
  bun: RUNTIMES.bun,
}

interface Stats {
  readonly clients: number
  readonly ids: number
  readonly calls: number
}

/** A hub in a process of its own. */
export interface Served {
  readonly port: number
  readonly url: string
  /** Asks the program for something, or tells it. */
  readonly control: (path: string) => Promise<string>
  readonly stats: () => Promise<Stats>
  /** Ends the process at once. */
  readonly kill: () => Promise<void>
}

let bundle: Promise<string> | undefined

/** Starts the program in a runtime. @param port 0: any. @param step of all jobs */
export async function serve(runtime: RuntimeName, port = 0, step = 0): Promise<Served> {
  bundle ??= bundled()
  const [command, ...options] = COMMANDS[runtime]
  const child = spawn(command, [...options, await bundle, String(port), String(step)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Deno's launcher starts the real program, and both are to be ended.
    detached: true,
  })
  const actual = await firstLine(child)
  const origin = `http://127.0.0.1:${actual}`
  const control = async (path: string): Promise<string> => (await fetch(`${origin}/control/${path}`)).text()
  return {
    port: actual,
    url: `${origin}/jobs`,
    control,
    stats: async () => {
      const [clients = 0, ids = 0, calls = 0] = (await control('stats')).split(' ').map(Number)
      return { clients, ids, calls }
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      await once(child, 'exit')
    },
  }
}

async function firstLine(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('the program has no output')
  for await (const line of createInterface({ input: child.stdout })) return Number(line)
  throw new Error('the program ended without a word')
}

async function bundled(): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), 'hub-')), 'server.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('server-program.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@auto-refresh/source'],
    outfile,
    logLevel: 'error',
  })
  return outfile
}
