import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startServer, type Server } from './server.ts'

const run = promisify(execFile)
const CONSUMERS = fileURLToPath(new URL('..', import.meta.url))

const INSTALL = [
  'install',
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
  '--ignore-scripts',
  '--no-package-lock',
]

interface PackageJson {
  readonly dependencies: Readonly<Record<string, string>>
}

/** A folder of this workspace, copied out of the repository and installed there. */
export class Project {
  readonly folder: string
  readonly #env: NodeJS.ProcessEnv

  private constructor(folder: string) {
    this.folder = folder
    // npm tells its children about the workspace that it runs in.
    const inherited = Object.entries(process.env).filter(([name]) => !/^npm_|^VITEST|^NODE_ENV$/i.test(name))
    this.#env = {
      ...Object.fromEntries(inherited),
      NEXT_TELEMETRY_DISABLED: '1',
      ASTRO_TELEMETRY_DISABLED: '1',
      WRANGLER_SEND_METRICS: 'false',
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      DENO_NO_UPDATE_CHECK: '1',
      NO_COLOR: '1',
    }
  }

  /**
   * @param tarballs by package: they take the place of what would come from the registry
   * @param place the folder that the project is in
   */
  static async install(
    name: string,
    tarballs: Readonly<Record<string, string>>,
    place = CONSUMERS,
  ): Promise<Project> {
    const folder = mkdtempSync(path.join(tmpdir(), `auto-refresh-${name}-`))
    cpSync(path.join(place, name), folder, { recursive: true })
    const file = path.join(folder, 'package.json')
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is ours
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as PackageJson
    const dependencies: Record<string, string> = { ...manifest.dependencies }
    for (const dependency of Object.keys(dependencies)) {
      const tarball = tarballs[dependency]
      if (tarball !== undefined) dependencies[dependency] = `file:${tarball}`
    }
    writeFileSync(file, JSON.stringify({ ...manifest, dependencies }))
    const project = new Project(folder)
    await project.run('npm', INSTALL)
    return project
  }

  /** Runs one of its scripts. Rejects with the output if the script fails. */
  script(name: string): Promise<string> {
    return this.run('npm', ['run', '--silent', name])
  }

  /** Runs a command in its folder, and returns the output. */
  async run(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    try {
      const { stdout } = await run(command, args, {
        cwd: this.folder,
        // A process must not outlive a failed test.
        timeout: 270_000,
        env: { ...this.#env, ...env },
        shell: process.platform === 'win32',
      })
      return stdout
    } catch (error) {
      // The error's message contains the output on stderr.
      const printed = error instanceof Error && 'stdout' in error ? String(error.stdout) : ''
      throw new Error(`In ${this.folder}: ${String(error)}\n${printed}`, { cause: error })
    }
  }

  /** Starts its `start` script on a free port. */
  serve(env: Readonly<Record<string, string>>, args?: readonly string[]): Promise<Server> {
    return startServer(this.folder, { ...this.#env, ...env }, args)
  }

  remove(): void {
    // A server that has been ended may still write for a moment.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 })
  }
}
