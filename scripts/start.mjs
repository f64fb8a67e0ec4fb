// `npm start`: installs, builds and serves the demo. Needs nothing but Node and npm. PORT (default 3000) sets the port.
//
// npm passes signals to its shell, and some shells do not pass them on. `exec` in package.json replaces the shell by this
// process. Windows has no `exec`; there the call with `--on-windows` does the work, which does nothing elsewhere.
// npm does not pass SIGHUP on, and nobody can pass SIGKILL on. Therefore this process also watches its parent.
// The installation and the build run in a process group of their own, because they do not always end what they started.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** ms between two looks at the parent. */
const PARENT_INTERVAL = 100

/** ms that the installation or the build has to end before it is killed. */
const GRACE = 1000

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

const isWindows = process.platform === 'win32'

if (process.argv.includes('--on-windows') && !isWindows) process.exit(1)

stopWithParent(process.ppid)
const code = await prepare()
// The server handles the signals from here on. Until it does, a signal ends this process, which has no children now.
if (code === 0) await import('../apps/demo/server/dist/main.js')
else process.exitCode = code

/** Sends SIGTERM to this process when its parent has ended. */
function stopWithParent(parent) {
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, PARENT_INTERVAL)
  timer.unref()
}

/** Installs and builds. Resolves with an exit code: 0, 1, or that of the signal that stopped it. */
async function prepare() {
  const child = spawn(process.execPath, [fileURLToPath(new URL('prepare-demo.mjs', import.meta.url))], {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: !isWindows,
  })
  let received
  const stop = (signal) => {
    received ??= signal
    signalGroup(child, 'SIGTERM')
  }
  for (const signal of SIGNALS) process.on(signal, stop)
  const [exitCode] = await once(child, 'exit')
  if (received !== undefined) await endGroup(child)
  for (const signal of SIGNALS) process.off(signal, stop)
  return received === undefined ? (exitCode ?? 1) : 128 + constants.signals[received]
}

/** Waits until no process of the child's group is left; kills those that take too long. */
async function endGroup(child) {
  const deadline = Date.now() + GRACE
  while (Date.now() < deadline) {
    if (!signalGroup(child, 0)) return
    await delay(20)
  }
  signalGroup(child, 'SIGKILL')
}

/** Signals the child and its group. Returns false if there is none left. */
function signalGroup(child, signal) {
  if (isWindows) return child.kill(signal)
  try {
    return process.kill(-child.pid, signal)
  } catch {
    return false
  }
}
